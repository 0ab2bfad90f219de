/** What main asks the person before it does what only they may decide: each names what would leave, and where to. */
import { ON_HOLD, REASON_TITLES, type RevocationReason } from '#shared/crypto/pki/revocation-reasons'
import { ROLE_NAMES } from '#shared/hl1/roles'
import type { CallName } from '#shared/ipc/contract'
import type { ChosenTerms } from '#shared/issuing/issue'
import type { RequestOffer } from '#shared/issuing/offer'
import { PURPOSE_TITLES } from '#shared/issuing/purposes'
import { count, firstOf, shortened } from '#shared/words'
import { WINDOWS, type DialogName, type WindowName } from '#shared/windows'
import type { LeavingSecret, Stake } from '../export/write'
import type { Loss } from '../lab/loss'
import type { Choice, Question } from '../windows/person'

const WHO_HAS_IT = 'Whoever can read a private key can act in its owner’s name.'
const ON_CLIPBOARD =
  'Every program of this account can read the clipboard. After a minute it is cleared, if this is still on it.'

/** About a call that nobody seems to have asked for: a screen reader's press, for one, is none that main sees. */
export function questionOf(call: CallName, window: WindowName): Question {
  const { title } = WINDOWS[window]
  const asked = [`The window of the ${title} asks for it, and no key or button was pressed in it just now.`]
  switch (call) {
    case 'records:reveal':
    case 'key:reveal':
    case 'run:reveal':
    case 'run:key':
      return { message: `Show a secret of the ${title}?`, detail: asked, yes: 'Show it' }
    case 'authority:answer':
    case 'authority:allow-another':
      return { message: 'Decide who may have a name?', detail: asked, yes: 'Decide so' }
    case 'authority:release':
      return { message: 'Take a certificate off hold?', detail: asked, yes: 'Take it off hold' }
    case 'adversary:switch':
      return {
        message: 'Switch the adversary on or off?',
        detail: [
          ...asked,
          'While it is on, the lab’s connections cross it; connections under way end when it is switched off.',
        ],
        yes: 'Switch it',
      }
    case 'window:show':
    case 'help:show':
      return { message: 'Bring another window to the front?', detail: asked, yes: 'Show it' }
    case 'text:copy':
      return { message: 'Put a text on the clipboard?', detail: asked, yes: 'Copy it' }
    default:
      return { message: 'Show a file in its folder?', detail: asked, yes: 'Show it' }
  }
}

/** About a certificate that is to be issued for a request from a file. */
export function questionOfIssuing(
  { subject, key }: Pick<RequestOffer, 'subject' | 'key'>,
  { names, purposes, days }: ChosenTerms,
): Question {
  return {
    message: 'Issue a certificate?',
    detail: [
      `Good for ${count(days, 'day')} at most, as: ${purposes.map((purpose) => PURPOSE_TITLES[purpose]).join(', ')}. Key: ${key}.`,
      `${count(names.length, 'name')}${names.length > 0 ? `: ${names.join(', ')}` : ''}.`,
      `Subject: ${subject === '' ? 'empty' : `“${shortened(subject)}”`}.`,
      'Whoever trusts this authority accepts it.',
    ],
    yes: 'Issue',
  }
}

/** About a certificate that is to be revoked; its serial number is hex. */
export function questionOfRevoking(title: string, serial: string, reason: RevocationReason): Question {
  const isHold = reason === ON_HOLD
  return {
    message: isHold ? 'Put the certificate on hold?' : 'Revoke the certificate?',
    detail: [
      `Serial number ${serial}. Reason: ${REASON_TITLES[reason].toLowerCase()}. It is that of “${shortened(title)}”.`,
      isHold
        ? 'Whoever asks the revocation list refuses it until it is taken off hold.'
        : 'Whoever asks the revocation list refuses it from now on. It can’t be taken back.',
      'The client and the server of this lab never ask: their protocol goes on with it. The inspector asks.',
    ],
    yes: isHold ? 'Put on hold' : 'Revoke',
  }
}

/** About a key that is to be leaked to the adversary; `models`: whose loss that stands for. */
export function questionOfLeaking(key: string, models: string): Question {
  return {
    message: `Leak ${key} to the adversary?`,
    detail: [
      models,
      `The adversary of this app gets ${key} and opens with it what it has seen and will see; what it reads stands in its window, keys that come in messages too. The leaked key itself is shown nowhere.`,
    ],
    yes: 'Leak it',
  }
}

/** About a run that is to be saved with the secrets that are still there, by their symbols. */
export function questionOfKeeping(symbols: readonly string[], how: 'locked' | 'in_clear'): Question {
  return {
    message:
      how === 'locked' ? 'Save the run with its secrets, locked?' : 'Save the run with its secrets in clear?',
    detail: [
      `These go into the file: ${firstOf(symbols)}.`,
      how === 'locked'
        ? 'Whoever has the file and the passphrase can read all that they open.'
        : 'Whoever has the file can read all that they open.',
      WHO_HAS_IT,
    ],
    yes: 'Save',
  }
}

/** About a report that is to tell the secrets that are still there, by their symbols. */
export function questionOfReport(symbols: readonly string[]): Question {
  return {
    message: 'Save a report with secrets?',
    detail: [
      `These stand in it, to be read: ${firstOf(symbols)}.`,
      'Whoever has the report can read all that they open.',
      WHO_HAS_IT,
    ],
    yes: 'Save',
  }
}

/** About a folder with which others verify a run. */
export function questionOfProof(): Choice {
  return {
    message: 'Take keys along in the proof?',
    detail: [
      'With them OpenSSL opens the messages again, as far as keys are still there. Without them it verifies signatures, certificates, headers and what is in clear.',
      `The keys stand in the folder in clear. ${WHO_HAS_IT}`,
    ],
    yes: 'With keys',
    others: ['Without keys'],
  }
}

/** About keys that are to be saved for Wireshark, by their symbols. */
export function questionOfKeys(symbols: readonly string[]): Question {
  return {
    message: 'Save keys for Wireshark?',
    detail: [
      `These go into the file, in clear: ${firstOf(symbols)}; and what private keys have opened.`,
      'Whoever has the file and a capture can read all messages that they open.',
    ],
    yes: 'Save',
  }
}

/** About files of the lab that are to be written. */
export function questionOfWriting({ secrets, replacing }: Stake, folder: string): Question {
  const replaces = `eplace ${count(replacing.length, 'file')}`
  const message = secrets.length === 0 ? `R${replaces}?` : `Write ${keysOf(secrets)}?`
  return {
    message:
      secrets.length > 0 && replacing.length > 0 ? message.replace('?', ` and r${replaces}?`) : message,
    detail: [
      `To the folder ${folder}.`,
      ...secrets.map(lineOf),
      ...(secrets.length > 0 ? [WHO_HAS_IT] : []),
      ...replaced(replacing),
    ],
    yes: secrets.length > 0 ? 'Write' : 'Replace',
  }
}

/** About public files of the lab that nobody seems to have asked for. */
export function questionOfUnasked(names: readonly string[], folder: string): Question {
  return {
    message: `Write ${count(names.length, 'file')}?`,
    detail: [
      `To the folder ${folder}: ${firstOf(names)}.`,
      'No key or button was pressed in the window just now.',
    ],
    yes: 'Write',
  }
}

/** About files whose content a window has: what is in them, main can't vouch for. */
export function questionOfGiven(
  names: readonly string[],
  replacing: readonly string[],
  folder: string,
): Question {
  return {
    message: `Write ${count(names.length, 'file')} from this window?`,
    detail: [
      `To the folder ${folder}: ${firstOf(names)}.`,
      `They hold what is open in the window, which may be a private key. ${WHO_HAS_IT}`,
      ...replaced(replacing),
    ],
    yes: 'Write',
  }
}

/** Something that keeps what would be lost: a button of the question, and the dialog that it opens. */
export interface Remedy {
  readonly label: string
  readonly dialog: DialogName
}

/** About the end of the app where something goes with it. */
export function questionOfQuitting(losses: readonly Loss[]): Question {
  const detail = ['This goes with it, for good:', ...losses.map(({ text }) => text)]
  return { message: 'Quit Handshake Lab?', detail, yes: 'Quit' }
}

/** About a walk that begins anew where something of the one before goes. */
export function questionOfStartingOver(losses: readonly Loss[]): Question {
  const detail = ['This is lost with the walk that ends here:', ...losses.map(({ text }) => text)]
  return { message: 'Start over?', detail, yes: 'Start over' }
}

/** About a window beside the lab that closes where something ends with it. */
export function questionOfClosing(window: WindowName): (losses: readonly Loss[]) => Question {
  return (losses) => ({
    message: `Close the window ${WINDOWS[window].title}?`,
    detail: [
      'This ends with it, for good:',
      ...losses.map(({ text }) => text),
      'Served again, chains have other keys, and clients need the new files.',
    ],
    yes: 'Close',
    no: 'Keep open',
  })
}

/** About the adversary's window that closes while so many messages are held there. */
export function questionOfLeavingWire(held: number): Choice {
  return {
    message: `Close the window ${WINDOWS.adversary.title}?`,
    detail: [
      `The adversary holds ${count(held, 'message')}: ${held === 1 ? 'it is' : 'they are'} lost.`,
      'It is switched off with its window, and the connections that cross it end.',
      'To have the run go on, keep the window open and pass what is held first.',
    ],
    yes: 'Close',
    no: 'Keep open',
    others: [],
  }
}

/** About a role that stops where something goes with it. */
export function questionOfStopping(role: 'authority' | 'server'): (losses: readonly Loss[]) => Question {
  const then = {
    authority: 'Started again it is a new authority, and the server has to register again.',
    server: 'Its sessions end. Started again it has to register again.',
  } as const
  return (losses) => ({
    message: `Stop the ${role}?`,
    detail: ['This goes with it, for good:', ...losses.map(({ text }) => text), then[role]],
    yes: 'Stop',
  })
}

/** About another key and certificate of the authority. */
export function questionOfRenewing(losses: readonly Loss[]): Question {
  return {
    message: 'Make a new authority?',
    detail: [
      'It gets a new key pair and a new certificate. This goes with the old ones, for good:',
      ...losses.map(({ text }) => text),
      'The server has to register again, and what you exported no longer fits.',
    ],
    yes: 'Make new authority',
  }
}

/** About a server that registers although it is registered. */
export function questionOfRegisteringAgain(losses: readonly Loss[]): Question {
  return {
    message: 'Register again?',
    detail: [
      'A new key pair and certificate take the place of those that are there. This goes, for good:',
      ...losses.map(({ text }) => text),
    ],
    yes: 'Register',
  }
}

/** About a private key of the lab on its way to the clipboard. */
export function questionOfCopying(secrets: readonly LeavingSecret[]): Question {
  return {
    message: `Copy ${keysOf(secrets)} to the clipboard?`,
    detail: [...secrets.map(lineOf), ON_CLIPBOARD],
    yes: 'Copy',
  }
}

/** About a text from a window that is a private key. */
export const QUESTION_OF_KEY_TEXT: Question = {
  message: 'Copy a private key to the clipboard?',
  detail: [ON_CLIPBOARD],
  yes: 'Copy',
}

/** Whether a text is a private key in a form that main can tell: PEM or JWK. */
export function holdsPrivateKey(text: string): boolean {
  return /PRIVATE KEY-----/.test(text) || /"d"\s*:\s*"[\w-]{20,}"/.test(text)
}

function keysOf(secrets: readonly LeavingSecret[]): string {
  const owners = new Set(secrets.map(({ owner }) => owner))
  return [...owners].map((owner) => `the private key of the ${ownerTitle(owner)}`).join(' and ')
}

/** “server.key”: the private key of the Application Server, without a passphrase. */
function lineOf({ name, owner, locked }: LeavingSecret): string {
  return `“${name}”: the private key of the ${ownerTitle(owner)}, ${locked ? 'under the passphrase' : 'WITHOUT a passphrase'}.`
}

function ownerTitle(owner: LeavingSecret['owner']): string {
  return owner === 'export' ? 'lab' : ROLE_NAMES[owner].title
}

function replaced(names: readonly string[]): readonly string[] {
  return names.length > 0 ? [`Replaced, and gone then: ${firstOf(names, 20)}.`] : []
}
