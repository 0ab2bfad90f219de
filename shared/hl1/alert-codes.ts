/** The codes of alerts, and what each says to a person (protocol.md section 6). */

/** Every alert code with what it says to a person. */
export const ALERT_CODES = {
  malformed: 'A member is missing, has the wrong type or a value that is not allowed.',
  unsupported_version: 'The frame has a protocol version that this program does not speak.',
  unsupported_suite:
    'The frame asks for a suite that this program does not speak, or not on this connection.',
  unexpected_message: 'The message is not the one that comes next.',
  frame_too_large: 'The frame is longer than the limit for this step.',
  timeout: 'The peer was expected to speak and did not finish a message in time.',
  busy: 'The listener has as many connections, or as much to do, as it can take on.',
  decrypt_failed: 'The message could not be opened.',
  stale_timestamp: 'The timestamp is older than the age limit.',
  future_timestamp: 'The timestamp lies further ahead than the age limit.',
  unknown_identity: 'The identity is not the expected one.',
  bad_certificate: 'A certificate or key did not pass its checks.',
  replayed:
    'The message or its nonce was seen before, or its number is not the next one: it is refused as replayed.',
  session_expired: 'The session has reached the end of its lifetime.',
  internal_error: 'The program failed on its own account.',
} as const

export type AlertCode = keyof typeof ALERT_CODES
