/** What run files are to the desktop, to dialogs and to the inspector. */

/** The ending of their names, with its dot. */
export const RUN_EXTENSION = '.hlrun'
/** What they are called. */
export const RUN_KIND = 'Run of Handshake Lab'
/** The longest one that is read or written, bytes: what journals keep, at both ends and in base64, and some. */
export const LONGEST_RUN = 256 * 1024 * 1024
