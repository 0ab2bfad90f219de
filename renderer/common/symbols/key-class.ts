/** How keys look. */
import { keyInfo, type Protocol } from '#shared/record/protocol'

/** The class that gives an element the hue of a key's family (tokens.css); none for a symbol that is no key. */
export function keyClass(protocol: Protocol, symbol: string | undefined): string | undefined {
  const info = symbol === undefined ? undefined : keyInfo(protocol, symbol)
  return info && `key-${info.family}`
}
