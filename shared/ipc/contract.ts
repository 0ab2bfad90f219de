/**
 * The contract between the windows and main: every call with the windows that may make it and the shape of its argument,
 * which main checks before it does anything.
 */
import * as v from 'valibot'
import type { AttackProgress } from '../adversary/cell'
import type { AttackRun } from '../adversary/run'
import {
  DIRECTIONS,
  LEAK_IDS,
  POSE_IDS,
  WIRE_NAMES,
  type AdversaryView,
  type ForgeForm,
  type FrameDetail,
} from '../adversary/live'
import type { Bytes } from '../bytes'
import type { Command } from '../commands/lines'
import {
  exportLookSchema,
  exportRequestSchema,
  givenExportSchema,
  type ExportPlan,
  type ExportResult,
  type NameLook,
} from '../export'
import { REVOCATION_REASONS, type RevocationReason } from '../crypto/pki/revocation-reasons'
import type { Fault } from '../errors'
import { PURPOSES } from '../issuing/purposes'
import type { RequestOffer } from '../issuing/offer'
import { DEFENCES, type DefenceId } from '../hl1/defences'
import type { GivenFile } from '../given-file'
import { LONGEST_PLACE } from '../help/places'
import type { LabEntry, LabView, RecordsChange, SignedView, WalkView } from '../lab'
import { isOutside, isWindow, WINDOW_NAMES, type DialogName, type WindowName } from '../windows'
import type { MemberValue } from '../record/member'
import { CHECK_IDS } from '../hl1/check-table'
import { SUITE_NAMES } from '../hl1/suite-names'
import { failureSchema } from './failure-schema'
import type { MakingProgress, RecordedKnowledge, RunReading, RunView } from '../knowledge/run'
import type { Connection } from '../record/connection'
import { givenRecordsSchema } from '../run/format'
import { LONGEST_RUN } from '../run/file-type'
import type { MovesPart, RecordedPart, RecordingNews } from '../run/view'
import { looksSchema, type Settings, type SettingsProblems } from '../settings'
import type { Comparison } from '../side-by-side/compare'
import { RUN_CHOICES, type RunProgress } from '../side-by-side/runs'
import { trialRequestSchema } from '../trial/request'
import type { TrialResult } from '../trial/result'
import { chainPlanSchema } from '../workshop/plan-schema'
import {
  chosenSchema,
  type ChainView,
  type ServingView,
  type WorkshopProgress,
  type WorkshopView,
} from '../workshop/view'

/** What a call answers: errors lose their class between processes, so they travel as data. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Fault }

/** The private parts of an RSA key, once it was asked for: PEM (PKCS#8) and the integers in hex. */
export interface PrivateKeyView {
  readonly pem: string
  readonly parts: Readonly<Record<'d' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>>
}

/** An open connection to the application server, as the client's window gets it. */
export interface LinkInfo {
  readonly id: number
  readonly connection: Connection
  /** It crosses an adversary's wire: whether the client waits as long as it takes there. Undefined where it crosses none. */
  readonly patient: boolean | undefined
}

/** The app's log: where it is, and the end of it. */
export interface LogView {
  readonly path: string
  readonly text: string
}

/** The most cells that can be asked for at once: all of the matrix and of the ladder, and some. */
const MOST_CELLS = 4_096
const nothing = v.undefined()
const portNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))
const port = v.object({ port: v.optional(portNumber) })
const linkId = v.pipe(v.number(), v.integer(), v.minValue(1))
const step = v.picklist([1, 2, 3, 4, 5, 6, 7, 8])
const text = (limit: number) => v.pipe(v.string(), v.maxLength(limit))
const bytes = v.pipe(v.instance(Uint8Array<ArrayBuffer>), v.maxLength(2_000_000))
const trialFile = v.variant('format', [
  v.object({ format: v.picklist(['svg', 'csv']) }),
  v.object({
    format: v.literal('png'),
    bytes: v.pipe(v.instance(Uint8Array<ArrayBuffer>), v.maxLength(20_000_000)),
  }),
])
/** A certification request, DER. */
const request = v.pipe(v.instance(Uint8Array<ArrayBuffer>), v.maxLength(100_000))
const REASONS = Object.keys(REVOCATION_REASONS) as RevocationReason[]
/** A suite by its name. */
const suite = v.picklist(SUITE_NAMES)
/** A cell of the defence matrix: what it names is taken away in a lab made for that one run, and nowhere else. */
const cell = v.object({
  attack: text(40),
  suite,
  without: v.pipe(v.array(v.picklist<readonly DefenceId[]>(DEFENCES)), v.maxLength(DEFENCES.length)),
})
/** What somebody on the wire may set and send: a whole frame at most, and the values of a step's members. */
const frameId = v.pipe(v.number(), v.integer(), v.minValue(1))
const frameBytes = v.pipe(v.instance(Uint8Array<ArrayBuffer>), v.maxLength(1_100_000))
const memberValue = v.union([text(1_100_000), v.number(), frameBytes])
const target = v.union([
  v.object({ connection: frameId, to: v.picklist(['opener', 'acceptor']) }),
  v.object({ wire: v.picklist(WIRE_NAMES) }),
])
/** Every window, the adversary's too; and every one of the lab and Help. */
const EVERY = 'every'
const LAB = 'lab'
const ADVERSARY = ['adversary'] as const
const AUTHORITY = ['authority'] as const
const CLIENT = ['client'] as const
const KNOWLEDGE = ['knowledge'] as const
const ATTACKS = ['attacks'] as const
const WORKSHOP = ['workshop'] as const

/**
 * Who decides that a call is carried out, the page being hostile. `page`: it gives nothing that the page could harm anybody
 * with. `act`: somebody has just pressed a key or a button in the window, as main saw it, or says yes to main's question.
 * `person`: main's own dialog, where something is at stake, shows what, and cancels unless told otherwise.
 */
export type Decider = 'page' | 'act' | 'person'

/** Shape of each call's argument, the windows that may make it, every one, those of the lab or those named, and who decides. */
export const CALLS = {
  'lab:view': { decides: 'page', windows: LAB, argument: nothing },
  'lab:licences': { decides: 'page', windows: LAB, argument: nothing },
  'lab:cancel': { decides: 'page', windows: LAB, argument: nothing },
  'log:report': {
    decides: 'page',
    windows: EVERY,
    argument: v.object({ where: text(200), failure: failureSchema }),
  },
  'log:read': { decides: 'page', windows: LAB, argument: nothing },
  'log:show': { decides: 'act', windows: LAB, argument: nothing },
  'records:list': { decides: 'page', windows: LAB, argument: nothing },
  'records:reveal': {
    decides: 'act',
    windows: LAB,
    argument: v.object({ id: text(40), member: text(40) }),
  },
  'authority:start': { decides: 'page', windows: LAB, argument: port },
  'authority:stop': { decides: 'person', windows: ['authority'], argument: nothing },
  'authority:renew': { decides: 'person', windows: ['authority'], argument: nothing },
  'authority:answer': {
    decides: 'act',
    windows: ['authority'],
    argument: v.object({ question: v.number(), isAllowed: v.boolean() }),
  },
  'authority:allow-another': {
    decides: 'act',
    windows: ['authority'],
    argument: v.object({ name: text(48), isAllowed: v.boolean() }),
  },
  'authority:offer': { decides: 'page', windows: AUTHORITY, argument: v.object({ request }) },
  'authority:issue': {
    decides: 'person',
    windows: AUTHORITY,
    argument: v.object({
      request,
      names: v.pipe(v.array(text(300)), v.maxLength(70)),
      purposes: v.pipe(v.array(v.picklist(PURPOSES)), v.maxLength(PURPOSES.length)),
      days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650)),
    }),
  },
  'authority:revoke': {
    decides: 'person',
    windows: AUTHORITY,
    argument: v.object({ serial: text(64), reason: v.picklist(REASONS) }),
  },
  'authority:release': { decides: 'act', windows: AUTHORITY, argument: v.object({ serial: text(64) }) },
  'authority:new-list': { decides: 'page', windows: AUTHORITY, argument: nothing },
  'server:start': { decides: 'page', windows: LAB, argument: port },
  'server:stop': { decides: 'person', windows: ['server'], argument: nothing },
  'server:register': { decides: 'person', windows: ['server', 'client'], argument: nothing },
  'server:end-session': { decides: 'page', windows: ['server'], argument: v.object({ id: text(40) }) },
  'key:reveal': {
    decides: 'act',
    windows: LAB,
    argument: v.object({ key: v.picklist(['SK_CA', 'SK_S']) }),
  },
  'walk:may-reset': { decides: 'person', windows: CLIENT, argument: nothing },
  'walk:reset': { decides: 'page', windows: CLIENT, argument: nothing },
  'walk:pace': { decides: 'page', windows: CLIENT, argument: v.object({ stepping: v.boolean() }) },
  'walk:register': { decides: 'person', windows: CLIENT, argument: nothing },
  'walk:release': {
    decides: 'page',
    windows: CLIENT,
    argument: v.object({ step, connection: v.optional(text(40)) }),
  },
  'walk:reached': { decides: 'page', windows: CLIENT, argument: v.object({ step, connection: text(40) }) },
  'walk:pause': { decides: 'page', windows: CLIENT, argument: v.object({ paused: v.boolean() }) },
  'client:trust': { decides: 'page', windows: CLIENT, argument: nothing },
  'link:open': { decides: 'page', windows: CLIENT, argument: nothing },
  'link:read': { decides: 'page', windows: CLIENT, argument: v.object({ id: linkId }) },
  'link:write': { decides: 'page', windows: CLIENT, argument: v.object({ id: linkId, bytes }) },
  'link:close': { decides: 'page', windows: CLIENT, argument: v.object({ id: linkId }) },
  'link:judged': {
    decides: 'page',
    windows: CLIENT,
    argument: v.object({
      id: linkId,
      ok: v.boolean(),
      step: v.pipe(v.number(), v.integer()),
      code: v.optional(text(40)),
      message: v.optional(text(2_000)),
      check: v.optional(v.picklist(CHECK_IDS)),
    }),
  },
  'settings:get': { decides: 'page', windows: LAB, argument: nothing },
  'settings:set': { decides: 'person', windows: LAB, argument: v.record(v.string(), v.unknown()) },
  'settings:preview': {
    decides: 'page',
    windows: LAB,
    argument: v.object({ looks: v.optional(looksSchema) }),
  },
  'export:plan': { decides: 'page', windows: LAB, argument: nothing },
  'export:choose-folder': { decides: 'person', windows: LAB, argument: nothing },
  'export:look': { decides: 'page', windows: LAB, argument: exportLookSchema },
  'export:write': { decides: 'person', windows: LAB, argument: exportRequestSchema },
  'export:cancel': { decides: 'page', windows: LAB, argument: nothing },
  'export:write-given': { decides: 'person', windows: LAB, argument: givenExportSchema },
  'export:copy': { decides: 'person', windows: LAB, argument: exportRequestSchema },
  'export:show': { decides: 'act', windows: LAB, argument: v.object({ path: text(4096) }) },
  'run:save': {
    decides: 'person',
    windows: LAB,
    argument: v.variant('secrets', [
      v.object({ secrets: v.picklist(['left_out', 'in_clear']) }),
      v.object({ secrets: v.literal('locked'), passphrase: text(1_000) }),
    ]),
  },
  'run:give': {
    decides: 'page',
    windows: CLIENT,
    argument: v.object({
      id: v.number(),
      part: v.optional(givenRecordsSchema),
      failed: v.optional(v.boolean()),
    }),
  },
  'run:open': { decides: 'person', windows: LAB, argument: nothing },
  'run:open-given': {
    decides: 'page',
    windows: LAB,
    argument: v.object({
      name: text(300),
      bytes: v.pipe(v.instance(Uint8Array<ArrayBuffer>), v.maxLength(LONGEST_RUN)),
    }),
  },
  'run:unlock': { decides: 'page', windows: LAB, argument: v.object({ passphrase: text(1_000) }) },
  'run:open-keys': { decides: 'person', windows: LAB, argument: nothing },
  'run:close': { decides: 'page', windows: LAB, argument: nothing },
  'run:go': {
    decides: 'page',
    windows: LAB,
    argument: v.object({ moment: v.pipe(v.number(), v.integer()) }),
  },
  'run:view': { decides: 'page', windows: LAB, argument: nothing },
  'run:records': {
    decides: 'page',
    windows: LAB,
    argument: v.object({ from: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  },
  'run:moves': {
    decides: 'page',
    windows: LAB,
    argument: v.object({ from: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  },
  'run:reveal': {
    decides: 'act',
    windows: LAB,
    argument: v.object({ id: text(100), member: text(100) }),
  },
  'run:key': {
    decides: 'act',
    windows: LAB,
    argument: v.object({ key: v.picklist(['SK_CA', 'SK_S']) }),
  },
  'report:save': {
    decides: 'person',
    windows: LAB,
    argument: v.object({
      form: v.picklist(['html', 'pdf']),
      secrets: v.boolean(),
      /** Every byte, in an appendix. */
      bytes: v.boolean(),
    }),
  },
  'capture:save': { decides: 'person', windows: LAB, argument: nothing },
  'capture:save-keys': { decides: 'person', windows: LAB, argument: nothing },
  'capture:save-proof': { decides: 'person', windows: LAB, argument: nothing },
  'capture:commands': { decides: 'page', windows: LAB, argument: v.object({ id: text(100) }) },
  'capture:save-dissector': { decides: 'person', windows: LAB, argument: nothing },
  'trial:start': { decides: 'page', windows: CLIENT, argument: trialRequestSchema },
  'trial:cancel': { decides: 'page', windows: CLIENT, argument: nothing },
  'trial:save': { decides: 'person', windows: CLIENT, argument: trialFile },
  'suites:run': { decides: 'page', windows: CLIENT, argument: v.object({ runs: v.picklist(RUN_CHOICES) }) },
  'suites:cancel': { decides: 'page', windows: CLIENT, argument: nothing },
  'knowledge:run': { decides: 'page', windows: KNOWLEDGE, argument: v.object({ suite }) },
  'knowledge:cancel': { decides: 'page', windows: KNOWLEDGE, argument: nothing },
  'knowledge:recorded': { decides: 'page', windows: KNOWLEDGE, argument: nothing },
  'knowledge:read': {
    decides: 'page',
    windows: KNOWLEDGE,
    argument: v.object({
      suite,
      secrets: v.pipe(v.array(text(40)), v.maxLength(20)),
      upTo: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8)),
      recorded: v.optional(v.boolean()),
    }),
  },
  'attacks:list': { decides: 'page', windows: ATTACKS, argument: nothing },
  'attacks:run': {
    decides: 'page',
    windows: ATTACKS,
    argument: v.object({ cells: v.pipe(v.array(cell), v.maxLength(MOST_CELLS)) }),
  },
  'attacks:cancel': { decides: 'page', windows: ATTACKS, argument: nothing },
  'attacks:open': { decides: 'page', windows: ATTACKS, argument: cell },
  'attacks:save': { decides: 'person', windows: ATTACKS, argument: cell },
  'attacks:save-run': { decides: 'person', windows: ATTACKS, argument: cell },
  'workshop:view': { decides: 'page', windows: WORKSHOP, argument: nothing },
  'workshop:keep': { decides: 'page', windows: WORKSHOP, argument: v.object({ plan: chainPlanSchema }) },
  'workshop:judge': { decides: 'page', windows: WORKSHOP, argument: chosenSchema },
  'workshop:cancel': { decides: 'page', windows: WORKSHOP, argument: nothing },
  'workshop:open': { decides: 'page', windows: WORKSHOP, argument: chosenSchema },
  'workshop:serve': {
    decides: 'page',
    windows: WORKSHOP,
    argument: v.object({ chosen: chosenSchema, ports: v.picklist(['one', 'each']), port: portNumber }),
  },
  'workshop:stop': { decides: 'page', windows: WORKSHOP, argument: nothing },
  'workshop:write': { decides: 'person', windows: WORKSHOP, argument: chosenSchema },
  'text:copy': {
    decides: 'act',
    windows: EVERY,
    argument: v.object({ text: text(4_000_000), secret: v.optional(v.boolean()) }),
  },
  'window:show': {
    decides: 'act',
    windows: EVERY,
    argument: v.object({ window: v.picklist(WINDOW_NAMES), record: v.optional(text(40)) }),
  },
  'help:show': { decides: 'act', windows: EVERY, argument: v.object({ place: text(LONGEST_PLACE) }) },
  'notice:dismiss': { decides: 'page', windows: LAB, argument: v.object({ id: v.number() }) },
  'adversary:view': { decides: 'page', windows: ADVERSARY, argument: nothing },
  'adversary:switch': {
    decides: 'act',
    windows: ADVERSARY,
    argument: v.object({
      on: v.boolean(),
      authorityPort: v.optional(portNumber),
      serverPort: v.optional(portNumber),
    }),
  },
  'adversary:rule': {
    decides: 'page',
    windows: ADVERSARY,
    argument: v.object({
      hold: v.picklist(['none', 'all', 'next']),
      step: v.optional(v.picklist([0, 1, 2, 3, 4, 5, 6, 7, 8])),
      direction: v.optional(v.picklist(DIRECTIONS)),
      patient: v.boolean(),
    }),
  },
  'adversary:frame': { decides: 'page', windows: ADVERSARY, argument: v.object({ id: frameId }) },
  'adversary:pass': { decides: 'page', windows: ADVERSARY, argument: v.object({ id: v.optional(frameId) }) },
  'adversary:drop': { decides: 'page', windows: ADVERSARY, argument: v.object({ id: frameId }) },
  'adversary:revert': { decides: 'page', windows: ADVERSARY, argument: v.object({ id: frameId }) },
  'adversary:edit': {
    decides: 'page',
    windows: ADVERSARY,
    argument: v.object({ id: frameId, bytes: frameBytes, length: v.picklist(['kept', 'recomputed']) }),
  },
  'adversary:flip': {
    decides: 'page',
    windows: ADVERSARY,
    argument: v.object({
      id: frameId,
      byte: v.pipe(v.number(), v.integer(), v.minValue(0)),
      bit: v.picklist([0, 1, 2, 3, 4, 5, 6, 7]),
    }),
  },
  'adversary:member': {
    decides: 'page',
    windows: ADVERSARY,
    argument: v.object({ id: frameId, member: text(40), value: memberValue }),
  },
  'adversary:replace': {
    decides: 'page',
    windows: ADVERSARY,
    argument: v.object({ id: frameId, by: frameId }),
  },
  'adversary:send': { decides: 'page', windows: ADVERSARY, argument: v.object({ id: frameId, on: target }) },
  'adversary:form': {
    decides: 'page',
    windows: ADVERSARY,
    argument: v.object({ suite, step, connection: v.optional(frameId) }),
  },
  'adversary:forge': {
    decides: 'page',
    windows: ADVERSARY,
    argument: v.object({
      suite,
      step,
      values: v.record(text(40), memberValue),
      on: target,
    }),
  },
  'adversary:cut': { decides: 'page', windows: ADVERSARY, argument: v.object({ connection: frameId }) },
  'adversary:pose': { decides: 'page', windows: ADVERSARY, argument: v.object({ as: v.picklist(POSE_IDS) }) },
  'adversary:leak': {
    decides: 'person',
    windows: ADVERSARY,
    argument: v.object({ key: v.picklist(LEAK_IDS) }),
  },
  'adversary:forget': { decides: 'page', windows: ADVERSARY, argument: nothing },
  'adversary:save-script': { decides: 'person', windows: ADVERSARY, argument: nothing },
  'adversary:open-script': { decides: 'person', windows: ADVERSARY, argument: nothing },
  'adversary:run-script': { decides: 'page', windows: ADVERSARY, argument: v.object({ run: v.boolean() }) },
} as const satisfies Record<
  string,
  {
    readonly decides: Decider
    readonly windows: 'every' | 'lab' | readonly WindowName[]
    readonly argument: v.GenericSchema<unknown>
  }
>

export type CallName = keyof typeof CALLS
export type CallArgument<C extends CallName> = v.InferInput<(typeof CALLS)[C]['argument']>

/** What each call gives back. */
export interface CallResults {
  'lab:view': LabView
  /** Texts of the packages that the app is built with. */
  'lab:licences': string
  /** Gives up a registration and starts that are under way. */
  'lab:cancel': WalkView
  /** Writes down what nobody in the window has caught. */
  'log:report': undefined
  'log:read': LogView
  /** Shows the log's file in its folder. */
  'log:show': undefined
  /** Those that concern the window, without the values of secret members. */
  'records:list': readonly LabEntry[]
  /** Of the window's own role's records alone. */
  'records:reveal': MemberValue
  'authority:start': undefined
  'authority:stop': undefined
  'authority:renew': undefined
  /** To a question about a name. */
  'authority:answer': undefined
  /** Lets the next who asks for a name have it, though somebody has it already; or no longer. */
  'authority:allow-another': undefined
  /** What a certificate would take from a request. */
  'authority:offer': RequestOffer
  /** Main asks first. */
  'authority:issue': SignedView
  /** Main asks first. */
  'authority:revoke': undefined
  /** Takes a certificate off hold. */
  'authority:release': undefined
  /** Signs the revocation list anew. */
  'authority:new-list': undefined
  'server:start': undefined
  'server:stop': undefined
  /** Answers when the server is registered. */
  'server:register': undefined
  'server:end-session': undefined
  'key:reveal': PrivateKeyView
  /** Whether the person lets the walk begin anew: main asks where something is lost by it. */
  'walk:may-reset': boolean
  'walk:reset': WalkView
  'walk:pace': undefined
  /** Step 1; answers when the authority has accepted it and is ready to build step 2. */
  'walk:register': WalkView
  /** Answers once the step was built and sent; for step 2, once the server has accepted it. Fails with why it was not. */
  'walk:release': WalkView
  /**
   * Answers once a role is ready to build the step and waits with it, or the walk goes on without waiting; fails with
   * `connection_closed` when the connection for it is gone.
   */
  'walk:reached': WalkView
  /** Stops the clock of this window's own session, or lets it go on; fails with `unknown_session` where there is none. */
  'walk:pause': WalkView
  /** The trust anchor, from outside the protocol: the PEM of the authority's certificate. */
  'client:trust': { readonly pem: string }
  'link:open': LinkInfo
  /** Undefined when the server has ended the connection. */
  'link:read': Bytes | undefined
  'link:write': undefined
  'link:close': undefined
  /** What the client makes of the next message that it got on a link, for whoever stands in its middle. */
  'link:judged': undefined
  'settings:get': Settings
  /** Moves listeners where a port has changed, and makes the authority a new one where its name has. */
  'settings:set': { readonly settings: Settings } | { readonly problems: SettingsProblems }
  /** Shows the window in looks that are not kept; without any, as it was before. */
  'settings:preview': undefined
  'export:plan': ExportPlan
  /** Undefined when the person changed their mind. */
  'export:choose-folder': { readonly folder: string } | undefined
  /** Which names are taken in the chosen folder. */
  'export:look': readonly NameLook[]
  /** Undefined when the person changed their mind: main asks before private keys leave or files are replaced. */
  'export:write': ExportResult | undefined
  /** Gives up what the window has being written, before its first file is: then that fails with `cancelled`. */
  'export:cancel': undefined
  /** Files whose content the window has. Undefined when the person changed their mind: main asks every time. */
  'export:write-given': ExportResult | undefined
  /** The text of one file, onto the clipboard; a private one once the person has agreed, and for a minute. */
  'export:copy': { readonly copied: boolean }
  'export:show': undefined
  /** What the lab is now, as a file. Undefined when the person changed their mind: main asks where secrets leave. */
  'run:save': { readonly path: string } | undefined
  /** A part of what the client's window was asked for with `run:ask`; without one that was all, or it has failed. */
  'run:give': undefined
  /** A run, or a capture, that the person chooses, in the place of the one that is open; false when they changed their mind. */
  'run:open': boolean
  /** A run that somebody has dropped on the window. */
  'run:open-given': undefined
  'run:unlock': undefined
  /** A keys file for the capture that is open; false when they changed their mind. */
  'run:open-keys': boolean
  /** Back to the lab; gives up what is being opened. */
  'run:close': undefined
  'run:go': undefined
  'run:view': RecordingNews
  'run:records': RecordedPart
  /** What somebody in the middle of the recording did, from a frame on; undefined where nobody was. */
  'run:moves': MovesPart | undefined
  /** As `records:reveal`, of the run that is open. */
  'run:reveal': MemberValue
  /** As `key:reveal`, of the run that is open. */
  'run:key': PrivateKeyView
  /** The packets of all connections, of the lab or of the run that is open. Undefined when the person changed their mind. */
  'capture:save': { readonly path: string } | undefined
  /** Keys that open what is in such a capture: main asks before they leave. */
  'capture:save-keys': { readonly path: string } | undefined
  /** The run as pages to be read; main asks where secrets stand in it. Undefined when the person changed their mind. */
  'report:save': { readonly path: string } | undefined
  /** A folder with which OpenSSL and a shell verify the run; main asks whether keys go along. */
  'capture:save-proof': { readonly path: string } | undefined
  /** What OpenSSL is asked in that folder about one message, of the lab or of the run that is open. */
  'capture:commands': readonly Command[]
  /** What has Wireshark understand such a capture. */
  'capture:save-dissector': { readonly path: string } | undefined
  /** Answers at the trial's end, also when it was cancelled. */
  'trial:start': TrialResult
  'trial:cancel': undefined
  /** The last trial as a file; of a PNG the window makes the bytes. Undefined when the person changed their mind. */
  'trial:save': { readonly path: string } | undefined
  /** Answers when every run is made; fails with `cancelled` when they were given up. */
  'suites:run': Comparison
  'suites:cancel': undefined
  /** Makes a run in a lab of its own; fails with `cancelled` when it was given up. */
  'knowledge:run': RunView
  'knowledge:cancel': undefined
  /** The handshake of the recording that is open, at its moment; undefined where there is none. */
  'knowledge:recorded': RecordedKnowledge | undefined
  /**
   * Listens to the run of a suite, or to the recording, up to a step, with secrets of that run; fails with `no_run` where there is none.
   * Of a recording no secret is told, only that it was read.
   */
  'knowledge:read': RunReading
  /** All runs of attacks that main knows of. */
  'attacks:list': AttackProgress
  /** Answers at once; the cells come with `attacks:progress`. */
  'attacks:run': undefined
  /** Answers when nothing runs any more. */
  'attacks:cancel': undefined
  /** A run as it was; fails with `unknown_record` where it is no longer kept. */
  'attacks:open': AttackRun
  /** The run as a text. Undefined when the person changed their mind. */
  'attacks:save': { readonly path: string } | undefined
  /** Where the run is now, as a file that opens as a recording; undefined when it was not saved. */
  'attacks:save-run': { readonly path: string } | undefined
  'workshop:view': WorkshopView
  /** Keeps the chain that the person plans, until the app quits. */
  'workshop:keep': undefined
  /** Answers at once; verdicts come with `workshop:progress`. */
  'workshop:judge': undefined
  'workshop:cancel': undefined
  /** The certificates of one chain: those that were judged last, or new ones. */
  'workshop:open': ChainView
  /** Answers once everything listens, in the place of what was served before. */
  'workshop:serve': ServingView
  /** Answers when nothing listens any more. */
  'workshop:stop': undefined
  /** A folder with the chains, their keys among them. Undefined when the person changed their mind. */
  'workshop:write': { readonly path: string; readonly files: number } | undefined
  /** A secret leaves the clipboard after a minute. */
  'text:copy': undefined
  /** Chooses a record there, where one is given. */
  'window:show': undefined
  /** Brings *Help* to the front, at a place (`shared/help/places.ts`). */
  'help:show': undefined
  'notice:dismiss': undefined
  'adversary:view': AdversaryView
  /** Answers when it listens, or when nothing of it stands in the way any more; fails with `port_in_use`, `listen_failed`. */
  'adversary:switch': undefined
  'adversary:rule': undefined
  'adversary:frame': FrameDetail
  /** Lets a held frame go on as it is now; all of them where none is named. */
  'adversary:pass': undefined
  'adversary:drop': undefined
  /** Takes back what was changed in a held frame. */
  'adversary:revert': undefined
  /** Other bytes for a held frame; the length field as they have it, or as many as they are. */
  'adversary:edit': FrameDetail
  /** `bit`: 0 is the least significant one. */
  'adversary:flip': FrameDetail
  /** Another value for a member of a held frame, which is sealed again; fails with `no_key`. */
  'adversary:member': FrameDetail
  /** Puts a frame that was seen into the place of a held one. */
  'adversary:replace': FrameDetail
  /** Sends a frame that was seen again; the connection that it went on. */
  'adversary:send': { readonly connection: number }
  'adversary:form': ForgeForm
  /** Makes a step and sends it; fails with `no_key`. */
  'adversary:forge': { readonly connection: number }
  'adversary:cut': undefined
  /** Answers once it stands there, or has been refused the name. */
  'adversary:pose': undefined
  /** False when the person said no: main asks, and says what leaves and to whom. */
  'adversary:leak': boolean
  /** Forgets all frames, deeds and keys but those that everybody knows. */
  'adversary:forget': undefined
  /** Undefined when the person changed their mind. */
  'adversary:save-script': { readonly path: string } | undefined
  /** False when the person changed their mind; fails with `bad_script`. */
  'adversary:open-script': boolean
  'adversary:run-script': undefined
}

/** What is saved for other programs: Wireshark, and OpenSSL. */
export type CaptureFile = 'capture' | 'keys' | 'dissector' | 'proof'

/** What main tells the windows without being asked. */
export interface Events {
  'lab:changed': LabView
  /** What has happened to the records that concern the window since the last time, in its order. */
  'records:changed': readonly RecordsChange[]
  'settings:changed': Settings
  /** Another run is open, or none, or another moment of it; or one that is being opened is further. */
  'recording:changed': RecordingNews
  /** To the client alone: main asks for what it has recorded, to be given with `run:give`. */
  'run:ask': { readonly id: number }
  /** How far the runs of both suites are; for the client alone. */
  'suites:progress': RunProgress
  /** How much of the run is made; for its window alone. */
  'knowledge:progress': MakingProgress
  /** Runs of attacks that have ended, and how far the others are; to their window alone. */
  'attacks:progress': AttackProgress
  /** Verdicts that have come, and how far the others are; to the workshop's window alone. */
  'workshop:progress': WorkshopProgress
  /** The trial that runs, as far as it is; to the client alone. */
  'trial:progress': TrialResult
  /** The window was hidden or minimized: what was revealed in it hides. */
  'window:hidden': undefined
  /** A record of the window's own role to be looked at. */
  'record:show': { readonly id: string }
  /** The menu asks for a dialog that the window has. */
  'dialog:open': { readonly dialog: DialogName }
  /** Somebody wants help: the window says on what, with `help:show`. */
  'help:ask': undefined
  /** For the window of *Help*: where to go. */
  'help:go': { readonly place: string }
  /** What a window exports is being written now: who had to be asked has agreed. */
  'export:writing': undefined
  /** The menu asks for something to be saved for another program. */
  'capture:choose': { readonly what: CaptureFile }
  /** The menu asks for a run to be opened. */
  'run:choose': undefined
  /** The menu asks for files to inspect. */
  'files:choose': undefined
  /** Files that the person gave the app from outside, to be opened in the inspector; to the client alone. */
  'files:given': readonly GivenFile[]
  /** The menu stops the clock of the session, or lets it go on. */
  'clock:toggle': undefined
  /** To the adversary's window alone. */
  'adversary:changed': AdversaryView
}

export type EventName = keyof Events

/** What a window's preload puts on `window.lab`. */
export interface Bridge<C extends CallName> {
  readonly window: WindowName
  readonly call: <N extends C>(name: N, ...argument: ArgumentList<N>) => Promise<Answer<CallResults[N]>>
  /** Listens to an event; the result stops listening. */
  readonly on: <E extends EventName>(name: E, listener: (value: Events[E]) => void) => () => void
}

export type ArgumentList<N extends CallName> =
  undefined extends CallArgument<N> ? [] : [argument: CallArgument<N>]

/** The calls that a window may make. */
export type CallsOf<W extends WindowName> = {
  [N in CallName]: (typeof CALLS)[N]['windows'] extends readonly (infer Allowed)[]
    ? W extends Allowed
      ? N
      : never
    : (typeof CALLS)[N]['windows'] extends 'lab'
      ? W extends 'adversary'
        ? never
        : N
      : N
}[CallName]

/** Whether a window may make a call; what is not the name of one, no window may. */
export function mayCall(window: string, name: unknown): name is CallName {
  if (typeof name !== 'string' || !Object.hasOwn(CALLS, name)) return false
  const { windows } = CALLS[name as CallName]
  if (windows === LAB) return !(isWindow(window) && isOutside(window))
  return windows === EVERY || (windows as readonly string[]).includes(window)
}
