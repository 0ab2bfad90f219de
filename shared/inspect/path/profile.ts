/** By what a path is judged: profiles as data. What two judges have in common stands in the checks, what one has more in its rules. */
import type { ProfileId } from '../artifact'
import type { PathProfile } from './judged'
import { WEB_RULES } from './web-rules'

/** The profiles. The first one is what is judged by when nothing else is asked for. */
export const PROFILES: Readonly<Record<ProfileId, PathProfile>> = {
  openssl: {
    id: 'openssl',
    endsAtAnyAnchor: false,
    paths: 1,
    strict: new Set(),
    judgesPolicies: false,
    rules: [],
  },
  web: {
    id: 'web',
    endsAtAnyAnchor: true,
    paths: 16,
    strict: new Set(['host_name', 'basic_constraints', 'extensions', 'form']),
    judgesPolicies: true,
    rules: WEB_RULES,
  },
}
