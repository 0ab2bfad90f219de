/**
 * The windows, a row each. Another one is a row more, and a folder of its name in `renderer/` with its page. Who may make
 * which call says the contract (`ipc/contract.ts`), by the name; what is about a role's secrets goes by `role`.
 */
import { ROLE_NAMES, type Role } from './hl1/roles'

/** Dialogs that every window of the lab has. */
export const COMMON_DIALOGS = ['export', 'settings', 'about', 'log', 'run', 'report'] as const

/** A dialog that single windows have. */
export type OwnDialog = 'trial' | 'suites'
export type DialogName = (typeof COMMON_DIALOGS)[number] | OwnDialog

/** Edges of a window on a screen's work area: fractions of its width and height, from its upper left corner. */
export interface Share {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** In pixels as pages count them. */
export interface Size {
  readonly width: number
  readonly height: number
}

export interface WindowRow {
  /** What it is called in the menu and in its title. */
  readonly title: string
  /** The role that it shows: secrets of that role may be asked for in this window alone. */
  readonly role: Role | undefined
  /** Whether it is there from the start on; otherwise it is once somebody has asked for it. */
  readonly opens: boolean
  /** Where it stands until it is moved, if there is room side by side. */
  readonly share: Share
  /** The smallest content that it still works at, in pixels; on a smaller screen it is as small as that. */
  readonly minimum: Size
  /** With less than this, frame included, windows don't stand side by side but one behind another. */
  readonly comfortable: Size
  /** The records it is told: those of its role, or besides those of all that this app has had to do with the other roles. */
  readonly records: 'role' | 'app'
  /** Dialogs that it has besides those that every window has. */
  readonly dialogs: readonly OwnDialog[]
  /** True for a window that stands beside the lab: none of its dialogs open there, and closing it ends it. */
  readonly beside?: true
  /** True for a window of somebody who is no part of the lab: it is told nothing of it, and asks nothing of it. */
  readonly outside?: true
}

export type WindowTable<Name extends string = string> = Readonly<Record<Name, WindowRow>>

const ROLE_SIDE = {
  minimum: { width: 400, height: 300 },
  comfortable: { width: 400, height: 330 },
  records: 'role',
  opens: true,
  dialogs: [],
} as const

/** Authority above server on the left, the client on the right: side by side they fill the screen. */
export const WINDOWS = {
  authority: {
    ...ROLE_SIDE,
    title: ROLE_NAMES.authority.title,
    role: 'authority',
    share: { left: 0, top: 0, right: 0.36, bottom: 0.5 },
  },
  server: {
    ...ROLE_SIDE,
    title: ROLE_NAMES.server.title,
    role: 'server',
    share: { left: 0, top: 0.5, right: 0.36, bottom: 1 },
  },
  client: {
    title: ROLE_NAMES.client.title,
    role: 'client',
    opens: true,
    share: { left: 0.36, top: 0, right: 1, bottom: 1 },
    minimum: { width: 640, height: 380 },
    comfortable: { width: 860, height: 600 },
    records: 'app',
    dialogs: ['trial', 'suites'],
  },
  help: {
    title: 'Help',
    role: undefined,
    opens: false,
    share: { left: 0.36, top: 0.06, right: 1, bottom: 0.94 },
    minimum: { width: 480, height: 400 },
    comfortable: { width: 480, height: 400 },
    records: 'role',
    dialogs: [],
    beside: true,
  },
  knowledge: {
    title: 'Who knows what',
    role: undefined,
    opens: false,
    share: { left: 0.12, top: 0.04, right: 0.92, bottom: 0.96 },
    minimum: { width: 600, height: 400 },
    comfortable: { width: 600, height: 400 },
    records: 'role',
    dialogs: [],
    beside: true,
  },
  attacks: {
    title: 'Attacks',
    role: undefined,
    opens: false,
    share: { left: 0.04, top: 0.02, right: 0.96, bottom: 0.98 },
    minimum: { width: 640, height: 400 },
    comfortable: { width: 640, height: 400 },
    records: 'role',
    dialogs: [],
    beside: true,
  },
  workshop: {
    title: 'Certificate workshop',
    role: undefined,
    opens: false,
    share: { left: 0.06, top: 0.02, right: 0.98, bottom: 0.98 },
    minimum: { width: 640, height: 400 },
    comfortable: { width: 640, height: 400 },
    records: 'role',
    dialogs: [],
    beside: true,
  },
  adversary: {
    title: 'Adversary',
    role: undefined,
    opens: false,
    share: { left: 0.08, top: 0.04, right: 0.92, bottom: 0.96 },
    minimum: { width: 640, height: 420 },
    comfortable: { width: 860, height: 600 },
    records: 'role',
    dialogs: [],
    beside: true,
    outside: true,
  },
} as const satisfies WindowTable

export type WindowName = keyof typeof WINDOWS

export const WINDOW_NAMES = namesOf(WINDOWS)

/** The window that the menu means when none of the app's has the focus. */
export const FRONT_WINDOW: WindowName = 'client'

/** The names of a table's windows, in its order. */
export function namesOf<Name extends string>(table: WindowTable<Name>): readonly Name[] {
  return Object.keys(table) as Name[]
}

/** True for the name of one of the app's windows. */
export function isWindow(name: string): name is WindowName {
  return Object.hasOwn(WINDOWS, name)
}

/** Whether a window of the app stands beside the lab. */
export function isBeside(name: WindowName): boolean {
  const row: WindowRow = WINDOWS[name]
  return row.beside === true
}

/** Whether a window is of somebody who is no part of the lab. */
export function isOutside(name: WindowName): boolean {
  const row: WindowRow = WINDOWS[name]
  return row.outside === true
}

/** Whether a window has a dialog. */
export function hasDialog({ dialogs, beside }: WindowRow, dialog: DialogName): boolean {
  if (beside) return false
  return (COMMON_DIALOGS as readonly DialogName[]).includes(dialog) || dialogs.includes(dialog as OwnDialog)
}
