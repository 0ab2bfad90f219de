// A small zip reader on Node's own zlib: takes chosen files out of one archive, never outside the target folder.
// It knows what such archives use: stored and deflated files, no encryption, no zip64.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import zlib from 'node:zlib'

/**
 * @typedef {object} Entry
 * @property {string} name path inside the archive, with forward slashes
 * @property {number} mode permission bits
 * @property {number} method 0 stored, 8 deflated
 * @property {number} crc CRC-32 of the contents
 * @property {number} packedSize in bytes
 * @property {number} size in bytes
 * @property {number} headerOffset where the entry's local header is
 */

const END_RECORD = { signature: 0x06054b50, bytes: 22, longestComment: 0xffff }
const DIRECTORY_RECORD = { signature: 0x02014b50, bytes: 46 }
const LOCAL_RECORD = { signature: 0x04034b50, bytes: 30 }

/**
 * Unpacks files of an archive.
 * @param {string} archive
 * @param {string} target folder to write into
 * @param {(name: string) => string | undefined} choose where in the target a file goes; undefined leaves it out
 */
export async function unzip(archive, target, choose) {
  const file = await open(archive, 'r')
  try {
    for (const entry of await readDirectory(file)) {
      const path = entry.name.endsWith('/') ? undefined : choose(entry.name)
      if (path !== undefined) await extract(file, archive, entry, pathInside(target, path))
    }
  } finally {
    await file.close()
  }
}

/**
 * @param {string} folder
 * @param {string} path relative path, from an archive
 * @returns {string} absolute path inside the folder
 */
function pathInside(folder, path) {
  const result = resolve(folder, path)
  if (!result.startsWith(resolve(folder) + sep))
    throw new Error(`The archive has a file outside itself: ${path}`)
  return result
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @returns {Promise<Entry[]>}
 */
async function readDirectory(file) {
  const { size } = await file.stat()
  const tail = await read(file, Math.max(0, size - END_RECORD.bytes - END_RECORD.longestComment), size)
  const end = tail.lastIndexOf(signatureBytes(END_RECORD.signature))
  if (end < 0) throw new Error('Not a zip archive, or cut short')
  const count = tail.readUInt16LE(end + 10)
  const start = tail.readUInt32LE(end + 16)
  if (count === 0xffff || start === 0xffffffff) throw new Error('A zip64 archive, which is not supported')
  const directory = await read(file, start, start + tail.readUInt32LE(end + 12))

  /** @type {Entry[]} */
  const entries = []
  for (let at = 0; entries.length < count;) {
    if (directory.readUInt32LE(at) !== DIRECTORY_RECORD.signature) throw new Error('Damaged zip archive')
    const nameEnd = at + DIRECTORY_RECORD.bytes + directory.readUInt16LE(at + 28)
    entries.push({
      name: directory.toString('utf8', at + DIRECTORY_RECORD.bytes, nameEnd),
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    })
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {string} archive
 * @param {Entry} entry
 * @param {string} destination
 */
async function extract(file, archive, entry, destination) {
  const header = await read(file, entry.headerOffset, entry.headerOffset + LOCAL_RECORD.bytes)
  if (header.readUInt32LE(0) !== LOCAL_RECORD.signature)
    throw new Error(`Damaged zip archive at ${entry.name}`)
  const start = entry.headerOffset + LOCAL_RECORD.bytes + header.readUInt16LE(26) + header.readUInt16LE(28)

  let size = 0
  let crc = 0
  /** @param {AsyncIterable<Buffer>} chunks */
  async function* check(chunks) {
    for await (const chunk of chunks) {
      size += chunk.length
      crc = zlib.crc32(chunk, crc)
      yield chunk
    }
  }
  await mkdir(dirname(destination), { recursive: true })
  const packed =
    entry.packedSize === 0
      ? Readable.from([])
      : createReadStream(archive, { start, end: start + entry.packedSize - 1 })
  const output = createWriteStream(destination, { mode: entry.mode || 0o644 })
  if (entry.method === 8) await pipeline(packed, zlib.createInflateRaw(), check, output)
  else if (entry.method === 0) await pipeline(packed, check, output)
  else throw new Error(`${entry.name} is packed with method ${entry.method}, which is not supported`)
  if (size !== entry.size || crc !== entry.crc) throw new Error(`${entry.name} is damaged in the archive`)
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} from
 * @param {number} to
 */
async function read(file, from, to) {
  const buffer = Buffer.alloc(to - from)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from)
  return buffer.subarray(0, bytesRead)
}

/** @param {number} signature */
function signatureBytes(signature) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(signature)
  return bytes
}
