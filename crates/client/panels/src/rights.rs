use atrium_protocol::{PersonInfo, Role};

/// What one may do to one person: exactly what the server would let through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Mute them.
    pub mute: bool,
    /// Let them unmute themselves.
    pub allow_unmute: bool,
    /// Lower their hand.
    pub lower_hand: bool,
    /// Give and take grants.
    pub grants: bool,
    /// The roles that one may give them, other than the one they have.
    pub roles: Vec<Role>,
    /// Hand the room over to them.
    pub transfer_host: bool,
    /// Remove or ban them.
    pub remove: bool,
}

impl Rights {
    /// What `me` may do to `them`: moderators act on lower roles, owners on everyone, nobody on themselves but to step
    /// down, to lower their hand and, as an owner, to speak again.
    pub fn over(me: &PersonInfo, them: &PersonInfo) -> Self {
        if me.role < Role::Moderator {
            return Self::default();
        }
        let is_raised = them.hand_raised_at_ms.is_some();
        if me.person == them.person {
            return Self {
                lower_hand: is_raised,
                allow_unmute: them.muted_by_moderator && me.role == Role::Owner,
                roles: ALL_ROLES.into_iter().filter(|role| *role < me.role).collect(),
                ..Self::default()
            };
        }
        if them.role >= me.role && me.role != Role::Owner {
            return Self::default();
        }
        Self {
            mute: !them.muted_by_moderator,
            allow_unmute: them.muted_by_moderator,
            lower_hand: is_raised,
            grants: true,
            roles: ALL_ROLES.into_iter().filter(|role| *role <= me.role && *role != them.role).collect(),
            transfer_host: me.role == Role::Owner && them.role != Role::Owner,
            remove: true,
        }
    }

    /// Nothing may be done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Every role, the lowest first.
pub(crate) const ALL_ROLES: [Role; 4] = [Role::Guest, Role::Member, Role::Moderator, Role::Owner];

/// Whether somebody of that role decides about the room: its lock, its lobby, everyone's microphones.
pub(crate) fn keeps_order(role: Role) -> bool {
    role >= Role::Moderator
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::{AvatarBytes, DisplayName, Grants, ParticipantId, PersonId, Presence};

    fn somebody(number: u8, role: Role) -> PersonInfo {
        PersonInfo {
            id: ParticipantId(number.into()),
            person: PersonId([number; 32]),
            name: DisplayName::new(format!("n{number}")).unwrap(),
            role,
            grants: Grants::for_role(role),
            muted: false,
            muted_by_moderator: false,
            hand_raised_at_ms: Some(1),
            presenting: false,
            seat: None,
            zone: None,
            presence: Presence::Here,
            avatar: AvatarBytes::default(),
        }
    }

    #[test]
    fn guests_and_members_may_do_nothing() {
        for mine in [Role::Guest, Role::Member] {
            for theirs in ALL_ROLES {
                assert!(Rights::over(&somebody(1, mine), &somebody(2, theirs)).is_empty());
            }
            assert!(Rights::over(&somebody(1, mine), &somebody(1, mine)).is_empty());
        }
    }

    #[test]
    fn moderators_act_on_lower_roles_only() {
        let me = somebody(1, Role::Moderator);
        for theirs in [Role::Guest, Role::Member] {
            let rights = Rights::over(&me, &somebody(2, theirs));
            assert!(rights.mute && rights.lower_hand && rights.grants && rights.remove);
            assert!(!rights.transfer_host && !rights.allow_unmute);
            assert!(rights.roles.iter().all(|role| *role <= Role::Moderator && *role != theirs));
            assert_eq!(rights.roles.len(), 2);
        }
        for theirs in [Role::Moderator, Role::Owner] {
            assert!(Rights::over(&me, &somebody(2, theirs)).is_empty());
        }
    }

    #[test]
    fn owners_act_on_everyone() {
        let me = somebody(1, Role::Owner);
        for theirs in ALL_ROLES {
            let rights = Rights::over(&me, &somebody(2, theirs));
            assert!(rights.mute && rights.remove && rights.grants);
            assert_eq!(rights.transfer_host, theirs != Role::Owner);
            assert_eq!(rights.roles.len(), 3);
        }
    }

    #[test]
    fn one_may_step_down_and_lower_ones_hand() {
        let rights = Rights::over(&somebody(1, Role::Moderator), &somebody(1, Role::Moderator));
        assert_eq!(rights.roles, [Role::Guest, Role::Member]);
        assert!(rights.lower_hand);
        assert!(!rights.remove && !rights.mute && !rights.grants && !rights.transfer_host && !rights.allow_unmute);
    }

    #[test]
    fn only_owners_free_themselves() {
        for (role, may) in [(Role::Moderator, false), (Role::Owner, true)] {
            let me = PersonInfo { muted_by_moderator: true, ..somebody(1, role) };
            assert_eq!(Rights::over(&me, &me).allow_unmute, may);
        }
    }
}
