/** Terms and derivations as formulas: in pieces for drawing, and as text. */
import { assertNever } from '../errors'
import type { Derivation } from './derivation'
import type { Term } from './term'

/** A piece of a formula: a symbol, or what stands between symbols. */
export type FormulaPiece =
  { readonly is: 'symbol'; readonly text: string } | { readonly is: 'text'; readonly text: string }

const JOINT: FormulaPiece = { is: 'text', text: ' ‖ ' }

/** A message's formula in pieces: `RSA(`, `PK_CA`, `: `, `K_tmp1`, ` ‖ `, … */
export function formulaPieces(term: Term): readonly FormulaPiece[] {
  switch (term.is) {
    case 'raw':
      return [symbolPiece(term.member.symbol)]
    case 'object':
      return joined(term.members.map((member) => [symbolPiece(member.symbol)]))
    case 'join':
      return joined(term.parts.map(formulaPieces))
    case 'prefixed':
      return formulaPieces(term.body)
    case 'asym':
    case 'sym':
    case 'seal':
      return [
        textPiece(`${term.cipher.name}(`),
        symbolPiece(term.key),
        textPiece(': '),
        ...formulaPieces(term.body),
        textPiece(')'),
      ]
    default:
      return assertNever(term)
  }
}

/** A message's formula as text. */
export function formulaOf(term: Term): string {
  return textOf(formulaPieces(term))
}

/** A derivation as text: `HKDF(K_tmp2 ‖ Z, th6, "HL/1 temporary")`. */
export function derivationText(derivation: Derivation): string {
  switch (derivation.is) {
    case 'symbol':
      return derivation.symbol
    case 'text':
      return JSON.stringify(derivation.text)
    case 'transcript':
      return `th${derivation.step}`
    case 'concatenation':
      return derivation.parts.map(derivationText).join(' ‖ ')
    case 'signature':
      return `${derivation.algorithm.name}(${derivation.key}: ${derivationText(derivation.over)})`
    case 'hash':
      return `${derivation.algorithm.name}(${derivationText(derivation.of)})`
    case 'derived': {
      const { algorithm, input, salt, label } = derivation
      return `${algorithm.name}(${derivationText(input)}, ${derivationText(salt)}, ${JSON.stringify(label)})`
    }
    case 'agreement':
      return `${derivation.algorithm.name}(${derivation.shares.map(derivationText).join(', ')})`
    default:
      return assertNever(derivation)
  }
}

function textOf(pieces: readonly FormulaPiece[]): string {
  return pieces.map(({ text }) => text).join('')
}

function joined(parts: readonly (readonly FormulaPiece[])[]): readonly FormulaPiece[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [JOINT, ...part]))
}

function symbolPiece(text: string): FormulaPiece {
  return { is: 'symbol', text }
}

function textPiece(text: string): FormulaPiece {
  return { is: 'text', text }
}
