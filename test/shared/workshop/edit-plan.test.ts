/** Changes to plans: whatever is added and left out, what is left can be made. */
import * as v from 'valibot'
import { expect, it } from 'vitest'
import {
  mayGo,
  newExtension,
  partOf,
  withIntermediate,
  withoutCertificate,
  withPart,
} from '#shared/workshop/edit-plan'
import { PLAIN } from '#shared/workshop/plain'
import { chainPlanSchema, MOST_CERTIFICATES } from '#shared/workshop/plan-schema'
import { RECIPES } from '#shared/workshop/recipes'
import type { ExtensionKind } from '#shared/workshop/chain'

const canBeMade = (plan: unknown): boolean => v.safeParse(chainPlanSchema, plan).success
/** Who signs now may have a key that can't sign as it is said: the person is told, and says otherwise. */
const canBeMended = (plan: unknown): boolean => {
  const { success, issues } = v.safeParse(chainPlanSchema, plan)
  return (
    success ||
    /: (there is no ECDSA with MD5|only an issuer with an RSA key signs with PSS|only a signature by ECDSA has a form)/.test(
      issues[0].message,
    )
  )
}

it('an intermediate stands between the server’s certificate and who had issued it, and is sent', () => {
  const plan = withIntermediate(PLAIN)
  const [root, first, second, leaf] = plan.certificates
  expect([root?.id, first?.id, second?.id, leaf?.id]).toEqual([
    'root',
    'intermediate',
    'intermediate-1',
    'leaf',
  ])
  expect([first?.issuer, second?.issuer, leaf?.issuer]).toEqual(['root', 'intermediate', 'intermediate-1'])
  expect(plan.sent).toEqual(['intermediate-1', 'intermediate'])
})

it('there are as many as a chain may have, and no more', () => {
  let plan = PLAIN
  for (let count = 0; count < 20; count++) plan = withIntermediate(plan)
  expect(plan.certificates).toHaveLength(MOST_CERTIFICATES)
  expect(canBeMade(plan)).toBe(true)
})

it('of every recipe, any certificate that may go leaves a chain that can be made, and so do all of them', () => {
  for (const { id: recipe, chain } of RECIPES) {
    let less = chain
    for (const { id } of chain.certificates) {
      const without = withoutCertificate(chain, id)
      expect(without === chain, `${recipe} ${id}`).toBe(!mayGo(chain, id))
      expect(canBeMended(without), `${recipe} without ${id}`).toBe(true)
      less = withoutCertificate(less, id)
    }
    expect(canBeMended(less), recipe).toBe(true)
    expect(canBeMended(withIntermediate(chain)), recipe).toBe(true)
  }
})

it('the server’s certificate stays, and so does the only trust anchor', () => {
  expect(withoutCertificate(PLAIN, 'leaf')).toBe(PLAIN)
  expect(withoutCertificate(PLAIN, 'root')).toBe(PLAIN)
  expect(withoutCertificate(PLAIN, 'nobody')).toBe(PLAIN)
})

it('an attribute of a name is changed in its place, added, and left out', () => {
  const name = [
    { type: 'countryName', text: 'DE', as: 'PrintableString' },
    { type: 'commonName', text: 'A' },
  ] as const
  expect(withPart(name, 'commonName', 'B')).toEqual([name[0], { type: 'commonName', text: 'B' }])
  expect(withPart(name, 'countryName', 'FR')[0]).toEqual({ ...name[0], text: 'FR' })
  expect(withPart(name, 'organizationName', 'O')).toHaveLength(3)
  expect(withPart(name, 'commonName', '')).toEqual([name[0]])
  expect([partOf(name, 'commonName'), partOf(name, 'emailAddress')]).toEqual(['A', ''])
})

it('every extension can be added as it comes', () => {
  const kinds: readonly ExtensionKind[] = [
    ...(['basicConstraints', 'keyUsage', 'extKeyUsage', 'subjectAltName', 'raw'] as const),
    ...(['subjectKeyIdentifier', 'authorityKeyIdentifier', 'nameConstraints'] as const),
  ]
  const [root] = PLAIN.certificates
  for (const kind of kinds) {
    const certificates = [{ ...root!, extensions: [newExtension(kind)] }]
    expect(canBeMade({ ...PLAIN, certificates, leaf: 'root', sent: [] }), kind).toBe(true)
  }
})
