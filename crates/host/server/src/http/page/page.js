
"use strict";
const show = (id) => { document.getElementById(id).hidden = false; };
if (location.hash.length > 1) {
  const command = `atrium join "${location.href.replace(/["\\$`]/g, encodeURIComponent)}"`;
  const link = `atrium://${location.host}${location.pathname}${location.hash}`;
  document.getElementById("open").href = link;
  document.getElementById("command").textContent = command;
  const copy = document.getElementById("copy");
  copy.addEventListener("click", () => {
    navigator.clipboard.writeText(command).then(() => { copy.textContent = "✓"; }, () => {
      getSelection().selectAllChildren(document.getElementById("command"));
    });
  });
  show("ready");
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = link;
  document.body.append(frame);
} else {
  show("incomplete");
}
