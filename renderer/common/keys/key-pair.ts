/** What the keys panel is told of a key pair. */
import type { PublicKeyView } from '#shared/inspect/describe'
import type { PrivateKeyView } from '#shared/ipc/contract'

/** A key pair of which this window may show the public half, and the private one when its role holds it. */
export interface KeyPairEntry {
  readonly publicSymbol: string
  readonly privateSymbol: string
  /** Undefined while there is no such key; `missing` says what it takes. */
  readonly view: PublicKeyView | undefined
  readonly missing: string
  /** Gets the private parts; absent where another role holds the private key. */
  readonly reveal?: () => Promise<PrivateKeyView>
}
