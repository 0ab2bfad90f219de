/** What may stand in a file's place instead of a file of the app's own: the real things, made at a path. */
import { spawnSync } from 'node:child_process'
import { chmod, chown, lstat, mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface HostileFile {
  readonly title: string
  /** Makes it; the result is to be called once it is done with. */
  readonly make: (path: string) => Promise<unknown>
  /** What is said of it. */
  readonly said: RegExp
  /** True where only its content is wrong, and only for JSON. */
  readonly isContent?: true
}

const isRoot = process.geteuid?.() === 0
const isLinux = process.platform === 'linux'
const ANOTHER_ACCOUNT = 54_321

function run(...command: readonly [string, ...string[]]): void {
  const [program, ...args] = command
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} has failed: ${stderr}`)
}

/** A socket in the file system that stays when nobody listens any more, as after a crash. */
async function makeSocket(path: string): Promise<void> {
  const code = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', code], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } })
  if (!(await lstat(path)).isSocket()) throw new Error('There is no socket.')
}

/** Every kind that this system and this account can make. */
export const HOSTILE_FILES: readonly HostileFile[] = [
  {
    title: 'a link to a file',
    make: async (path) => {
      await writeFile(`${path}.target`, '{"lifetime":100}', { mode: 0o600 })
      await symlink(`${path}.target`, path)
    },
    said: /It is a link\./,
  },
  {
    title: 'a link to a device that never ends',
    make: (path) => symlink('/dev/zero', path),
    said: /It is a link\./,
  },
  { title: 'a link to nowhere', make: (path) => symlink(`${path}.nowhere`, path), said: /It is a link\./ },
  {
    title: 'a folder with something in it',
    make: (path) => mkdir(join(path, 'inside'), { recursive: true }),
    said: /It is a folder\./,
  },
  {
    title: 'a huge file without content',
    make: async (path) => {
      await writeFile(path, '', { mode: 0o600 })
      await truncate(path, 2 ** 30)
    },
    said: /It has 1073741824 bytes/,
  },
  {
    title: 'a file that anybody may write',
    make: async (path) => {
      await writeFile(path, '{}')
      await chmod(path, 0o666)
    },
    said: /Other accounts may write to it\./,
  },
  {
    title: 'a file that its group may write',
    make: async (path) => {
      await writeFile(path, '{}')
      await chmod(path, 0o660)
    },
    said: /Other accounts may write to it\./,
  },
  ...(isLinux
    ? ([
        {
          title: 'a pipe that nobody writes to',
          make: async (path) => run('mkfifo', '-m', '600', path),
          said: /It is a pipe\./,
        },
        { title: 'a socket', make: makeSocket, said: /It is a socket\./ },
      ] satisfies HostileFile[])
    : []),
  ...(isLinux && isRoot
    ? ([
        {
          title: 'a device',
          make: async (path) => run('mknod', '-m', '600', path, 'c', '1', '5'),
          said: /It is a device\./,
        },
        {
          title: 'a file of another account',
          make: async (path) => {
            await writeFile(path, '{}', { mode: 0o600 })
            await chown(path, ANOTHER_ACCOUNT, ANOTHER_ACCOUNT)
          },
          said: /It belongs to another account\./,
        },
      ] satisfies HostileFile[])
    : []),
  { title: 'an empty file', make: (path) => writeFile(path, ''), said: /It is no JSON\./, isContent: true },
  {
    title: 'bytes that are no text',
    make: (path) => writeFile(path, Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])),
    said: /It is no JSON\./,
    isContent: true,
  },
  {
    title: 'brackets without end',
    make: (path) => writeFile(path, '['.repeat(200_000)),
    said: /It is no JSON\./,
    isContent: true,
  },
]

/** Sees whether what was made is still what it was, under another name perhaps: nothing of it is lost. */
export async function fingerprint(path: string): Promise<string> {
  const { ino, size, mode, uid } = await lstat(path)
  return [ino, size, mode, uid].join(' ')
}
