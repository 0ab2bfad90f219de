/** What can go wrong: every code with what it means, and the one class of errors that are thrown on purpose. */
import { isPartMissing, PART_MISSING_FAULT } from './part-missing'

/**
 * The codes of the project's own errors. A code stays the same over versions: people search for it, and programs ask for it.
 * Those of a protocol's alerts are in its own table, see {@link ProtocolCodes}.
 */
export const ERROR_CODES = {
  internal_error: 'The program failed on its own account.',
  bad_argument: 'A call, or an argument of a command, has another shape than it should have.',
  cancelled: 'Somebody gave up what was under way.',
  forbidden: 'Who asks may not have this.',
  not_asked_for: 'A page asked for what only a person may decide, and no person did.',
  interrupted: 'The program was told to end while it was at work.',
  output_not_written: 'What was printed could not be written where it goes.',
  stopped: 'A role was stopped while it was at work.',

  user_data_not_usable: 'The folder for settings can’t be made, read or written.',
  user_data_not_lockable:
    'Nothing says whether the app runs already: the folder for settings can’t be locked.',
  temporary_folder_not_usable: 'The folder for temporary files can’t be written to.',
  shared_memory_not_usable: 'The folder where processes share memory can’t be written to.',
  no_display: 'There is no display to open windows on.',
  display_not_reached: 'Nobody answers at the display that is named.',
  display_refused: 'The display takes no windows of this account.',
  not_started: 'The lab behind the windows could not be started.',
  part_missing: 'A part of the app that is read late is not there any more.',
  no_licences: 'The file with the licences of packages is not there.',
  bad_setting: 'A setting has a value that it may not have.',
  settings_disk_full: 'The settings found no room on the disk.',
  settings_not_writable: 'The settings are where this account may not write.',
  settings_not_kept: 'The settings could not be written.',

  port_in_use: 'Another program listens on the port.',
  listen_failed: 'The port can’t be listened on.',
  connection_refused: 'Nobody listens at the address.',
  connection_closed: 'The connection is closed.',
  too_many_calls: 'A window waits for as many answers as it may.',
  too_many_links: 'A window has as many connections as it may have.',
  already_running: 'What was to be started runs already.',
  already_registering: 'The server is registering already.',
  not_running: 'The role that this needs is not running.',
  not_ready: 'The server has no certificate yet: it has to register.',
  not_waiting: 'Nothing waits for this step.',
  registration_outdated:
    'The server’s certificate is not for the authority, name or suite of now: it has to register again.',
  no_trust_anchor: 'There is no authority to trust yet.',
  no_key: 'The role has no such key.',
  unknown_record: 'No record has this identifier, or it has no such secret.',
  unknown_session: 'No session has this identifier.',
  unknown_question: 'The question is no longer asked.',
  unknown_name: 'Nobody has this name.',
  unknown_certificate: 'This authority has not issued a certificate with this serial number.',
  already_revoked: 'The certificate is revoked already.',
  not_on_hold: 'The certificate is not on hold.',
  request_refused: 'A certificate is not issued for this request.',

  bad_script: 'The file is no script of an adversary.',
  cannot_change: 'The frame can’t be changed like that.',
  not_held: 'The frame does not wait any more.',
  unknown_frame: 'No frame has this number, or it was forgotten.',
  unknown_connection: 'No connection has this number, or it is closed.',

  trial_running: 'A lifetime trial is under way already.',
  no_trial: 'No lifetime trial was made yet.',
  no_run: 'No run to be looked into was made yet.',
  too_many_runs: 'More attacks would wait to be run than may.',
  not_as_expected: 'An attack has fared otherwise than the page of attacks says.',
  not_as_predicted: 'A judge of wrong certificates has said otherwise than was predicted.',
  not_as_demanded: 'A request of the trial fared otherwise than the protocol demands.',
  picture_failed: 'The chart could not be drawn as a picture.',
  not_a_run: 'The file is no run of Handshake Lab.',
  bad_run: 'The run file is damaged, or was not made by Handshake Lab.',
  run_of_newer_version: 'The run file was made by a newer version of the app.',
  run_too_large: 'The run file is longer than any run.',
  no_recording: 'No run is open.',
  not_as_recorded: 'Something in a run that was saved is otherwise than it says.',
  incomplete_run: 'A run of a suite ended without all its records.',

  capture_empty: 'There is nothing to be written into a capture.',
  capture_too_large: 'The capture is longer, or holds more, than is written or read.',
  bad_capture: 'The file is no capture, or a damaged one.',
  bad_keys_file: 'The text is no file of keys for a capture, or a damaged one.',

  report_not_printed: 'The report could not be printed as PDF.',
  pdf_needs_the_app: 'A report as PDF is printed by the app: there is nothing here that prints.',

  bad_pem: 'The text is no PEM, or not the PEM that was expected.',
  bad_der: 'The bytes are no DER or BER.',
  asn1_too_deep: 'The bytes have more levels than are read.',
  asn1_too_many: 'The bytes have more elements than are read.',
  bad_json: 'The text is no JSON, or none that holds keys or certificates.',
  bad_key: 'The key can’t be used: its parts don’t belong together.',
  bad_public_key: 'The bytes are no public key.',
  bad_private_key: 'The bytes are no private key.',
  bad_encrypted_key: 'The bytes are no encrypted private key.',
  bad_certificate_text: 'The text is no certificate.',
  bad_request_text: 'The text is no certification request.',
  bad_request_bytes: 'The bytes are no certification request.',
  bad_crl: 'The bytes are no certificate revocation list.',
  bad_pkcs7: 'The bytes are no PKCS#7 structure.',
  bad_pkcs12: 'The bytes are no PKCS#12 file.',
  bad_openssh_key: 'The bytes are no key in OpenSSH’s form.',
  bad_jwk: 'The JSON is no JWK.',
  bad_cert_s: 'The JSON is no Cert_S.',
  bad_ciphertext: 'The ciphertext can’t be decrypted with this key.',
  bad_share: 'The bytes are no point on the curve.',
  unsupported_format: 'The format is known and not read here.',
  unsupported_encryption: 'The encryption is known and not opened here.',
  unsupported_key: 'The key is of a kind that this form has no room for.',
  unsupported_jwk: 'The JWK is of a kind that is not read here.',
  unsupported_openssh_key: 'The OpenSSH key is of a kind that is not read here.',
  passphrase_needed: 'It is locked, and no passphrase was given.',
  passphrase_missing: 'A passphrase has to be chosen.',
  wrong_passphrase: 'The passphrase does not open it.',
  empty_file: 'The file has no bytes.',
  file_too_large: 'The file is longer than any key or certificate.',
  file_not_read: 'The file could not be read.',
  not_recognised: 'The file is nothing that the inspector knows.',
  too_many_keys: 'The set has more keys than are read.',
  unknown_structure: 'The worker no longer knows the structure.',
  inspect_failed: 'The worker that reads has failed.',
  inspect_stopped: 'The inspector was closed while it read.',
  inspect_timeout: 'Reading took longer than it may take.',

  export_nothing_chosen: 'Nothing was chosen to be written.',
  export_not_available: 'The lab does not have what was chosen.',
  export_bad_request: 'The choice can’t be written in this form.',
  export_bad_name: 'A name can’t be a file’s, or two files have the same.',
  export_bad_passphrase: 'The passphrase can’t be used in this form.',
  export_passphrase_missing: 'The form needs a passphrase.',
  export_confirmation_missing: 'A plain private key was not confirmed.',
  export_exists: 'Files of these names are there already.',
  export_folder_missing: 'The folder is not there.',
  export_folder_not_writable: 'This account may not write to the folder.',
  export_disk_full: 'The disk has no room left.',
  export_failed: 'The files could not be written.',
  no_file_manager: 'There is no program here that shows folders.',
} as const

/**
 * Codes that a protocol adds for its alerts, by the protocol's name: a protocol declares its member beside its table. This
 * file knows none, and yet the compiler knows every code that there is.
 */
export interface ProtocolCodes {
  /** What every protocol has. */
  readonly any: 'internal_error'
}

/** A code that an error of the project may have. */
export type ErrorCode = keyof typeof ERROR_CODES | ProtocolCodes[keyof ProtocolCodes]

/** What some errors say besides, as data that goes with them over every border. */
export interface ErrorDetails {
  /** The step that a protocol has refused, or failed at. */
  readonly step?: number | undefined
  /** The next port that is free, with `port_in_use`, if there is any. */
  readonly freePort?: number | undefined
  /** The byte where what could not be read begins. */
  readonly offset?: number | undefined
  /** The line where what could not be read is, from 1. */
  readonly line?: number | undefined
  /** The path of a file that the person may want to copy. */
  readonly path?: string | undefined
}

/** An error as it crosses a border: the class is gone, code and details stay. */
export interface Fault extends ErrorDetails {
  readonly code: ErrorCode
  readonly message: string
}

/** What went wrong, with a code that stays the same over versions. Every error that the project throws on purpose is one. */
export class LabError extends Error {
  override readonly name: string = 'LabError'
  readonly details: ErrorDetails

  /** @param message for people: what happened, what was expected, what to do */
  constructor(
    readonly code: ErrorCode,
    message: string,
    { cause, ...details }: ErrorOptions & ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.details = details
  }

  /** True where it says that the program itself is at fault, and not what it was given. */
  get isOwnFault(): boolean {
    return this.code === 'internal_error'
  }
}

/** Any error as data. What is not of this project's own says nothing of its inside; that a part of the app is gone is no fault of its code. */
export function toFault(error: unknown): Fault {
  if (error instanceof LabError) return { code: error.code, message: error.message, ...error.details }
  if (isPartMissing(error)) return PART_MISSING_FAULT
  return {
    code: 'internal_error',
    message: 'The program failed on its own account. Start it again if this goes on.',
  }
}

/** Compile-time proof that a switch is complete. */
export function assertNever(value: never): never {
  throw new LabError('internal_error', `Unexpected value: ${String(value)}`)
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * What the system says of an error, without the place, which whoever tells of it names in a better way: “name too long
 * (ENAMETOOLONG)”.
 */
export function systemReason(error: unknown): string {
  const message = messageOf(error)
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string' || !message.includes(code)) return message
  const words = message.startsWith(`${code}: `) ? message.slice(code.length + 2).split(', ')[0] : undefined
  return words === undefined || words === '' ? code : `${words} (${code})`
}

/** True for what the project throws on purpose: it is told where it happens. All else is for the log. */
export function isForeseen(error: unknown): error is LabError {
  return error instanceof LabError && !error.isOwnFault
}

/** Errors that the engine makes about the program itself. They name members and functions, not values. */
const OF_THE_PROGRAM: ReadonlySet<string> = new Set(['TypeError', 'RangeError', 'ReferenceError'])

/** True for an error of the engine's about the program itself: nothing that anybody gives it may cause one. */
export function isOfTheProgram(error: unknown): error is Error {
  return error instanceof Error && OF_THE_PROGRAM.has(error.name)
}

/**
 * For whoever takes an error for bad input: throws it again where it can't be that, and the program itself is at fault. So
 * readers throw a LabError or a SyntaxError at what they can't read, and calls to others, who may throw anything, are wrapped
 * one by one.
 */
export function passOwnFault(error: unknown): void {
  if (isOfTheProgram(error) || (error instanceof LabError && error.isOwnFault)) throw error
}

/** What reading gives; undefined where what is read is no such thing. Throws as {@link passOwnFault} does. */
export function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    passOwnFault(error)
    return undefined
  }
}

/** Takes the place of a promise's value where it is rejected for bad input; throws as {@link passOwnFault} does. */
export function otherwise<T>(value: T): (error: unknown) => T {
  return (error) => {
    passOwnFault(error)
    return value
  }
}
