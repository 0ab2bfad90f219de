/** A recording in words. */
import { roleInfo, type Protocol } from '#shared/record/protocol'
import type { JournalEntry } from '#shared/record/record'
import type { RecordingView } from '#shared/run/view'
import { count, dateTime } from '../format'
import { messageTitle } from '../message/facts'

/** What a record was, in a sentence: “Server accepted step 5, temporary key.” */
export function happenedText(protocol: Protocol, entry: JournalEntry | undefined): string {
  if (!entry) return ''
  const { role, direction, kind, step, outcome } = entry
  const who = roleInfo(protocol, role).title
  const what = kind === 'alert' ? 'an alert' : `step ${step}, ${messageTitle(protocol, entry).toLowerCase()}`
  if (direction === 'sent') return `${who} sent ${what}.`
  if (kind === 'alert') return `${who} received ${what}.`
  return `${who} ${outcome.ok ? 'accepted' : 'refused'} ${what}.`
}

/** What the file is, and what of the lab it does not have. */
export function aboutText({ source, savedAt, app, moments, serverAlone }: RecordingView): string {
  if (source === 'capture')
    return `A capture: what crossed the wire, ${count(moments / 2, 'frame')}, at both ends. Nobody has recorded a check.`
  const alone = `Of ${count(serverAlone, 'connection')} it has the server’s records alone: the client’s were gone when it was saved, as after Start over.`
  return `Saved ${dateTime(savedAt)} by version ${app}: ${count(moments, 'record')}.${serverAlone > 0 ? ` ${alone}` : ''}`
}

/** What came of making its checks again. */
export function againText({ isIntact, again }: RecordingView): string {
  const { same, differ, notMade, suspect, differences } = again
  const changed = isIntact ? '' : 'The file was changed since it was saved. '
  const made = `${count(same, 'check')} made again: ${same === 1 ? 'it' : 'each'} came out as recorded.`
  const missing = notMade > 0 ? ` ${notMade} more could not be, for want of keys or of what came before.` : ''
  const wrong = suspect.length + differences.length
  if (wrong === 0) return `${changed}${made}${missing}`
  const others = differ > 0 ? `${count(differ, 'check')} came out otherwise than recorded; ` : ''
  return `${changed}${others}${count(suspect.length, 'message')} and ${count(differences.length, 'other thing')} do not fit together.${differences.length > 0 ? ` ${differences.join(' ')}` : ''}`
}
