/** Alerts: how a role tells its peer, and itself, that a message was refused (protocol.md section 6). */
import { fromUtf8, toUtf8, type Bytes } from '../bytes'
import { LabError, passOwnFault } from '../errors'
import { ALERT_CODES, type AlertCode } from './alert-codes'
import type { Hl1Record } from './types'

declare module '../errors' {
  interface ProtocolCodes {
    readonly hl1: AlertCode
  }
}

/** An alert as it crosses the wire; `step` is that of the message that caused it. */
export interface Alert {
  readonly code: AlertCode
  readonly step: number
  readonly message: string
}

/** The one text for everything that goes wrong while a ciphertext is opened, so that no alert tells more. */
export const DECRYPT_FAILED = 'The message could not be opened.'

/** A message was refused: by this role (`origin` local) or by the peer, whose alert this is. */
export class ProtocolError extends LabError {
  override readonly name = 'ProtocolError'
  override readonly code: AlertCode
  readonly step: number
  readonly origin: 'local' | 'peer'
  /** What the refusing role recorded of the message; absent when nothing of it was read. */
  readonly record: Hl1Record | undefined

  constructor(
    alert: Alert,
    options: { origin?: 'local' | 'peer'; record?: Hl1Record | undefined; cause?: unknown } = {},
  ) {
    super(alert.code, alert.message, { cause: options.cause, step: alert.step })
    this.code = alert.code
    this.step = alert.step
    this.origin = options.origin ?? 'local'
    this.record = options.record
  }

  /** A peer that has failed says so; that is no fault of this program. */
  override get isOwnFault(): boolean {
    return super.isOwnFault && this.origin === 'local'
  }

  /** What the peer is told. The detail of a failed decryption stays here. */
  get alert(): Alert {
    const message = this.code === 'decrypt_failed' ? DECRYPT_FAILED : this.message
    return { code: this.code, step: this.step, message }
  }
}

/** The body of an alert frame: JSON in clear. */
export function encodeAlert(alert: Alert): Bytes {
  return toUtf8(JSON.stringify({ code: alert.code, step: alert.step, message: alert.message }))
}

/** Reads an alert's body; one that can't be read, or has an unknown code, counts as `malformed`. */
export function decodeAlert(body: Uint8Array, expectedStep: number): Alert {
  try {
    const value: unknown = JSON.parse(fromUtf8(body))
    if (typeof value === 'object' && value !== null && 'code' in value && isAlertCode(value.code)) {
      const step = 'step' in value && Number.isInteger(value.step) ? Number(value.step) : expectedStep
      const message = 'message' in value && typeof value.message === 'string' ? value.message : ''
      return { code: value.code, step, message: message || ALERT_CODES[value.code] }
    }
  } catch (error) {
    // Not JSON: answered below like any alert that makes no sense.
    passOwnFault(error)
  }
  return { code: 'malformed', step: expectedStep, message: 'The peer sent an alert that could not be read.' }
}

function isAlertCode(value: unknown): value is AlertCode {
  return typeof value === 'string' && Object.hasOwn(ALERT_CODES, value)
}

/** Whether an error says that this side would not send a request, as its session has ended. Nothing else has happened then. */
export function isUnsent(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === 'session_expired' && error.origin === 'local'
}
