/** What settings are called that other windows than their dialog name as well. */

/** How old a message may be: `maxAge`. */
export const AGE_LIMIT_NAME = 'Message age limit'
