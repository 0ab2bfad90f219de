/** How long a session may last (protocol.md section 7). */

/** The longest lifetime that step 6 can give a session, seconds. */
export const LONGEST_LIFETIME = 86_400
