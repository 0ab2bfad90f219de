/** Whether there is a display that takes windows: where there is none, Chromium ends the process before anything can be said. */
import { readFileSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { LabError } from '#shared/errors'
import { acceptsClient, connectionSetup } from './x11'
import { authorizations, type Authorization } from './x-authority'

/** So long a display may take to answer, in milliseconds. */
const PATIENCE_MS = 5_000
const HELP = 'Start it in a desktop session, or give the variable DISPLAY one that is there.'

/**
 * Asks the display. A display without clients may begin anew, and takes none meanwhile: the one made here stays until `leave` is
 * called, once Chromium's is there.
 * @throws LabError `no_display`, `display_not_reached`, `display_refused`
 */
export async function checkDisplay(env: NodeJS.ProcessEnv = process.env): Promise<{ leave: () => void }> {
  if (process.platform !== 'linux') return NOT_ASKED
  const { DISPLAY: display = '', WAYLAND_DISPLAY: wayland = '' } = env
  if (wayland !== '') return NOT_ASKED
  if (display === '')
    throw new LabError(
      'no_display',
      `There is no display to open windows on: neither DISPLAY nor WAYLAND_DISPLAY is set. ${HELP}`,
    )
  const place = placeOf(display)
  if (!place) return NOT_ASKED
  const tried: readonly (Authorization | undefined)[] = [...authorizations(place.number, env), undefined]
  for (const authorization of tried) {
    const answer = await ask(place.where, authorization)
    if (typeof answer === 'object') return answer
    if (answer === 'nobody' && isAbstract(place)) return NOT_ASKED
    if (answer === 'nobody')
      throw new LabError('display_not_reached', `Nobody answers at the display ${display} (DISPLAY). ${HELP}`)
  }
  throw new LabError(
    'display_refused',
    `The display ${display} (DISPLAY) takes no windows of this account. Start it from the account that is logged in there, or let that one allow it with xhost or xauth.`,
  )
}

const NOT_ASKED = { leave: (): void => undefined }

type Answer = { readonly leave: () => void } | 'refused' | 'nobody'

interface Place {
  readonly number: string
  readonly where: NetConnectOpts
}

/** Where a display listens, by its name (X(7)); undefined for a name of another kind, and where that can't be tried from here. */
function placeOf(display: string): Place | undefined {
  const parts = /^(?:(?:unix|tcp|inet6?)\/)?([^:/]*|\[[\da-f:]+\]):(\d{1,4})(?:\.\d+)?$/i.exec(display)
  const [, host = '', number = ''] = parts ?? []
  if (!parts) return undefined
  if (host !== '' && host !== 'unix')
    return { number, where: { host: host.replace(/[[\]]/g, ''), port: 6000 + Number(number) } }
  return { number, where: { path: `/tmp/.X11-unix/X${number}` } }
}

/** A display may listen under a name without a file alone, which is not tried. */
function isAbstract({ where }: Place): boolean {
  if (!('path' in where)) return false
  const { path } = where
  try {
    return readFileSync('/proc/net/unix', 'utf8').includes(` @${path}\n`)
  } catch {
    return true
  }
}

/** Says hello as a client does; what is neither yes nor no counts as a yes. */
function ask(where: NetConnectOpts, authorization: Authorization | undefined): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect(where)
    const end = (answer: Answer): void => {
      clearTimeout(timer)
      if (typeof answer !== 'object') socket.destroy()
      resolve(answer)
    }
    const accepted = { leave: (): void => void socket.destroy() }
    const timer = setTimeout(() => end(socket.connecting ? 'nobody' : accepted), PATIENCE_MS)
    socket.unref()
    socket.once('connect', () => socket.write(connectionSetup(authorization)))
    socket.on('data', (bytes) => end(acceptsClient(bytes) ? accepted : 'refused'))
    socket.once('end', () => end(accepted))
    // Later ones are of a display that is going: then Chromium says so.
    socket.on('error', () => end('nobody'))
  })
}
