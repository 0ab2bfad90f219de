/** Something that the window holds, such as a certificate from a file that was opened: made here, written by main. */
import { fromUtf8, type Bytes } from '#shared/bytes'
import { randomBytes } from '#shared/crypto/primitives/random'
import { LabError } from '#shared/errors'
import { FORMATS } from '#shared/export/formats'
import { filesOf, type GivenFile } from '#shared/export/given'
import type { ExportGiven } from '../../composables/use-dialogs'
import { call } from '../../call'
import { isLocked, type ExportSource, type Offer, type OfferGroup, type Order } from './offers'

/** Finds out what it can be written as. */
export async function givenSource({ artifact, chain = [] }: ExportGiven): Promise<ExportSource> {
  const [groups, { folder }] = await Promise.all([filesOf(artifact, chain), call('export:plan')])
  const files = new Map<string, GivenFile>()
  const offered = await Promise.all(
    groups.map(async (group, index): Promise<OfferGroup> => {
      for (const file of group.files) files.set(`${index}/${file.format}`, file)
      const offers = await Promise.all(group.files.map((file) => offerOf(`${index}/${file.format}`, file)))
      return { ...group, id: String(index), unavailable: undefined, offers }
    }),
  )
  const encode = (id: string, order: Order): Promise<Bytes> => {
    const file = files.get(id)
    if (!file) throw new LabError('export_bad_request', 'This file is nothing to export.')
    const isLockedNow = order.passphrase !== undefined && isLocked(file, order)
    const lock = isLockedNow ? { passphrase: order.passphrase, random: randomBytes } : undefined
    return file.encode(lock, order.friendlyName)
  }
  const isPrivate = (id: string): boolean => files.get(id)?.private === true
  return {
    description: `Writes ${artifact.title} as a file that other tools read.`,
    folder,
    groups: offered,
    usual: offered.slice(0, 1).flatMap(({ offers }) => offers.slice(0, 1).map(({ id }) => id)),
    elsewhere: [],
    bundle: [],
    friendlyName: files.get('0/pkcs12')?.name.replace(/\.p12$/, '') ?? '',
    odd: [],
    look: (names) => call('export:look', { names: [...names] }),
    write: async (order) => {
      const made = order.files.map(async ({ id, name }) => ({
        name,
        private: isPrivate(id),
        bytes: await encode(id, order),
      }))
      const overwrite = order.files.filter(({ replace }) => replace).map(({ name }) => name)
      return call('export:write-given', { files: await Promise.all(made), overwrite })
    },
    copy: async (id, order) => {
      await call('text:copy', { text: fromUtf8(await encode(id, order)), secret: isPrivate(id) })
    },
  }
}

async function offerOf(id: string, file: GivenFile): Promise<Offer> {
  const { format, name, private: secret, lock, holds, bytes, lockedBytes } = file
  const text = secret || !FORMATS[format].text ? undefined : fromUtf8(await file.encode(undefined))
  return { id, format, name, private: secret, lock, holds, bytes, lockedBytes, text }
}
