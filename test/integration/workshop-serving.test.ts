/** Recipes served by name and by port, on this machine alone, and written to a folder that other programs can use. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { KeysAhead } from '#main/workshop/keys-ahead'
import { pemOf } from '#main/workshop/chain-files'
import { nativeCrypto } from '#main/workshop/native-crypto'
import {
  serveRecipes,
  type ServedRecipe,
  type ServedRecipes,
  type ServeOptions,
} from '#main/workshop/serve-recipes'
import { writeRecipes } from '#main/workshop/write-recipes'
import { CLIENT_IDS } from '#shared/workshop/clients'
import type { Recipe } from '#shared/workshop/recipe'
import { RECIPES } from '#shared/workshop/recipes'
import { JUDGE_IDS } from '#shared/workshop/verdicts'
import { runTool } from '../support/key-tools'

const crypto = nativeCrypto()
const some = RECIPES.filter(({ id }) => ['good', 'expired', 'rsa-1024', 'trailing-byte'].includes(id))
const undo: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one()
})

async function served(options: Partial<ServeOptions<Recipe>>): Promise<ServedRecipes<Recipe>> {
  const all = await serveRecipes({ recipes: some, crypto, now: Date.now(), ports: 'one', ...options })
  undo.push(all.stop)
  return all
}

/** An address is no name to ask by. */
const named = (servername: string): object => (/^$|^[\d.]+$/.test(servername) ? {} : { servername })

/** What Node says of a server: `accepted`, or its error. */
function ask({ port, chain }: ServedRecipe, host = '127.0.0.1', servername = chain.host): Promise<string> {
  return new Promise((done) => {
    const socket = connect({ host, port: port!, ca: pemOf(chain.anchors), ...named(servername) })
    socket.on('secureConnect', () => {
      socket.destroy()
      done('accepted')
    })
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
  })
}

describe('served by name', () => {
  it('each recipe has its verdict, under its own name or its own host', async () => {
    const recipes = RECIPES.filter(({ chain }) => chain.lists.length === 0)
    const all = await served({ recipes })
    const own = all.recipes.filter(({ recipe, chain }) => chain.host === `${recipe.id}.localhost`)
    expect(own.length).toBeGreaterThan(90)
    expect(new Set(own.flatMap(({ port }) => port ?? [])).size).toBe(1)
    // Those about another host have a port each.
    const others = all.recipes.filter((one) => !own.includes(one))
    expect(new Set(others.map(({ port }) => port)).size).toBe(others.length)
    const wrong: string[] = []
    for (const one of all.recipes) {
      const { id, predicts } = one.recipe
      const said = one.port === undefined ? 'unservable' : await ask(one)
      const outcome = said === 'accepted' || said === 'unservable' ? said : 'refused'
      if (outcome !== predicts.others['node-tls']) wrong.push(`${id}: ${said}`)
    }
    expect(wrong).toEqual([])
  })

  it('on 127.0.0.1 and ::1, and nowhere else', async () => {
    const all = await served({})
    const [good] = all.recipes
    expect(await ask(good!)).toBe('accepted')
    expect(await ask(good!, '::1')).toBe('accepted')
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of others) {
      const reached = await new Promise<boolean>((done) => {
        const socket = connectPlain({ host: address, port: good!.port!, timeout: 2_000 })
        const end = (is: boolean) => () => {
          socket.destroy()
          done(is)
        }
        socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false))
      })
      expect(reached, address).toBe(false)
    }
  })

  it('one root is trusted for all that have nothing wrong with theirs', async () => {
    const { root, recipes } = await served({ recipes: RECIPES })
    const own = recipes.filter(({ chain }) => !chain.anchors.includes(root)).map(({ recipe }) => recipe.id)
    expect(own).toEqual([
      ...['root-expired', 'root-signature-broken', 'unknown-root', 'issuer-same-name-other-key'],
      ...['self-signed-leaf-trusted', 'anchor-is-intermediate'],
    ])
  })

  it('curl gets an answer from the good one, and from no other', async () => {
    const { root, recipes } = await served({})
    const folder = mkdtempSync(join(tmpdir(), 'workshop-serving-'))
    undo.push(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'root.pem'), pemOf([root]))
    const fetch = (id: string): ReturnType<typeof runTool> => {
      const url = `https://${id}.localhost:${recipes[0]!.port!}/`
      return runTool('curl', ['-q', '-sS', '--cacert', 'root.pem', url], { cwd: folder })
    }
    expect((await fetch('good')).ok).toBe(true)
    expect((await fetch('expired')).ok).toBe(false)
    expect((await fetch('rsa-1024')).ok).toBe(false)
  })

  it('says which can’t be served, and why, and shows no other in its place', async () => {
    const all = await served({})
    const [good] = all.recipes
    expect(await ask(good!, '127.0.0.1', 'trailing-byte.localhost')).not.toMatch('accepted|ERR_TLS_CERT')
    for (const nobody of ['', 'nobody.localhost'])
      expect(await ask(good!, '127.0.0.1', nobody)).not.toMatch('accepted|ERR_TLS_CERT')
    const broken = all.recipes.filter(({ port }) => port === undefined)
    expect(broken.map(({ recipe, fault }) => [recipe.id, fault !== undefined])).toEqual([
      ['trailing-byte', true],
    ])
  })
})

it('served on a port each, under the name of this machine', async () => {
  const all = await served({ ports: 'each' })
  const ports = all.recipes.flatMap(({ port }) => port ?? [])
  expect(new Set(ports).size).toBe(3)
  const said = await Promise.all(all.recipes.filter(({ port }) => port !== undefined).map((one) => ask(one)))
  expect(said).toEqual(['accepted', 'CERT_HAS_EXPIRED', 'accepted'])
  // By address no name is asked for.
  expect(await ask(all.recipes[0]!, '127.0.0.1', '')).toBe('accepted')
})

it('who goes on sending is cut off, and so is who says nothing', async () => {
  const all = await served({ recipes: some.slice(0, 1) })
  const { port, chain } = all.recipes[0]!
  const options = { host: '127.0.0.1', port: port!, ca: pemOf(chain.anchors), servername: chain.host }
  const talker = connect(options)
  const silent = connectPlain({ host: '127.0.0.1', port: port! })
  const began = Date.now()
  const more = setInterval(() => talker.write('more'), 200)
  undo.push(() => clearInterval(more))
  const closed = (socket: typeof silent): Promise<unknown> =>
    new Promise((done) =>
      socket
        .on('error', () => undefined)
        .on('close', done)
        .resume(),
    )
  // It answers nothing to the end that it is told of.
  talker.allowHalfOpen = true
  await Promise.all([closed(talker), closed(silent)])
  expect(Date.now() - began).toBeLessThan(15_000)
})

it('nothing listens any more when it is stopped', async () => {
  const all = await serveRecipes({ recipes: some, crypto, now: Date.now(), ports: 'each' })
  await all.stop()
  const [good] = all.recipes
  expect(await ask(good!)).toBe('ECONNREFUSED')
})

it('a folder has every recipe, keys for their owner alone, and the verdicts that are expected', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-folder-'))
  undo.push(() => rmSync(folder, { recursive: true }))
  const { files } = await writeRecipes({ recipes: RECIPES, crypto, now: Date.now(), folder })
  expect(readdirSync(folder).sort()).toEqual(files.map(({ name }) => name).sort())
  for (const { name } of files) {
    const mode = statSync(join(folder, name)).mode & 0o777
    expect(mode & 0o077, name).toBe(name.endsWith('.key.pem') ? 0 : 0o044)
  }
  const index = JSON.parse(readFileSync(join(folder, 'recipes.json'), 'utf8')) as {
    readonly recipes: readonly {
      readonly id: string
      readonly files: Readonly<Record<string, string>>
      readonly expected: Readonly<Record<string, unknown>>
    }[]
  }
  expect(index.recipes.map(({ id }) => id)).toEqual(RECIPES.map(({ id }) => id))
  for (const recipe of index.recipes) {
    expect(Object.keys(recipe.expected)).toEqual([...JUDGE_IDS, ...CLIENT_IDS])
    for (const name of Object.values(recipe.files))
      expect(statSync(join(folder, name)).size).toBeGreaterThan(0)
  }
  const good = index.recipes[0]!.files
  const certificate = new X509Certificate(readFileSync(join(folder, good['leaf']!)))
  expect(certificate.checkPrivateKey(createPrivateKey(readFileSync(join(folder, good['key']!))))).toBe(true)
  await expect(writeRecipes({ recipes: some, crypto, now: Date.now(), folder })).rejects.toMatchObject({
    code: 'export_exists',
  })
})

it('keys that lie ready are given out once', async () => {
  const ahead = new KeysAhead(crypto, 2)
  await ahead.settled()
  const kind = { kind: 'RSA', bits: 2048 } as const
  const pairs = await Promise.all([1, 2, 3].map(() => ahead.crypto.makeKeyPair(kind)))
  const curve = await ahead.crypto.makeKeyPair({ kind: 'EC', curve: 'P-256' })
  const keys = [...pairs, curve].map(({ spki }) => Buffer.from(spki).toString('hex'))
  expect(new Set(keys).size).toBe(4)
  await ahead.settled()
})
