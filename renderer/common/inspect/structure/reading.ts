/** Structures read by the worker, each once. */
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { Asn1Value } from '#shared/crypto/asn1/node'
import { inspect } from '../worker/inspect'
import type { PackedStructure } from './packed'

/** They go with the bytes: nothing of a key that was closed stays behind. */
const known = new WeakMap<Bytes, Promise<PackedStructure>>()

/**
 * Reads bytes as ASN.1.
 * @param type of the whole by its name in the RFC, where it is known
 * @throws LabError with the offset where they stop being it
 */
export function readStructure(bytes: Bytes, type: string | undefined): Promise<PackedStructure> {
  const before = known.get(bytes)
  if (before) return before
  const reading = inspect('readStructure', bytes, type)
  known.set(bytes, reading)
  reading.catch(() => known.delete(bytes))
  return reading
}

/** An element's value in full. The worker may have begun anew since: then it reads the structure once more. */
export async function elementValue(packed: PackedStructure, index: number): Promise<Asn1Value> {
  try {
    return await inspect('describeElement', packed.id, index)
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'unknown_structure') throw error
    const { id } = await inspect('readStructure', packed.bytes, packed.type)
    return inspect('describeElement', id, index)
  }
}
