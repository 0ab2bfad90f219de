/** The operations that keys are used in, and a way to look on while they are made: to count them and to time them. */

/** Operations that count as one kind, in the order in which a summary lists them. */
export const OPERATION_KINDS = {
  rsa_generate: 'RSA key generation',
  rsa_private: 'RSA private key',
  rsa_public: 'RSA public key',
  ecdh: 'ECDH on P-256',
  hkdf: 'HKDF-SHA-256',
  aes: 'AES-256-GCM',
  des: 'DES-CBC',
} as const
export type OperationKind = keyof typeof OPERATION_KINDS

/** Every operation by name: what it does, and the kind that it counts as. */
export const OPERATIONS = {
  rsa_generate: { title: 'make an RSA key pair', kind: 'rsa_generate' },
  rsa_decrypt: { title: 'open RSA-OAEP', kind: 'rsa_private' },
  rsa_sign: { title: 'sign with RSA', kind: 'rsa_private' },
  rsa_encrypt: { title: 'close with RSA-OAEP', kind: 'rsa_public' },
  rsa_verify: { title: 'verify an RSA signature', kind: 'rsa_public' },
  ecdh_generate: { title: 'make an ephemeral share', kind: 'ecdh' },
  ecdh_agree: { title: 'agree on a shared secret', kind: 'ecdh' },
  hkdf_derive: { title: 'derive a key', kind: 'hkdf' },
  aes_encrypt: { title: 'seal', kind: 'aes' },
  aes_decrypt: { title: 'open a seal', kind: 'aes' },
  des_encrypt: { title: 'encrypt', kind: 'des' },
  des_decrypt: { title: 'decrypt', kind: 'des' },
} as const satisfies Record<string, { readonly title: string; readonly kind: OperationKind }>
export type Operation = keyof typeof OPERATIONS

/** An operation that was made. `took`: milliseconds from asking for it to having its result, or its failure. */
export interface MadeOperation {
  readonly operation: Operation
  readonly took: number
}

export type OperationObserver = (made: MadeOperation) => void

/** Does an operation; whoever hands one in can look on while it is made. */
export type Perform = <T>(operation: Operation, work: () => Promise<T>) => Promise<T>

/** Nobody looks on: this is nothing but the call. */
export const plainly: Perform = (_operation, work) => work()

/**
 * Tells of every operation once it is made, whether it went well or not. Keys are read in before, so that this is not in the time.
 * @param monotonic a clock that is never set, milliseconds
 */
export function observed(tell: OperationObserver, monotonic: () => number): Perform {
  return async (operation, work) => {
    const started = monotonic()
    try {
      return await work()
    } finally {
      tell({ operation, took: monotonic() - started })
    }
  }
}
