/** Server certificates good and bad in every way that a path can be, made with `openssl`. */
import { OpenSslPki } from './open-ssl-pki'
import { altered } from './path-cases/altered'
import { Cases, type PathCase } from './path-cases/cases'
import { alone, constraints, deep } from './path-cases/shapes'
import { dates, good, issuers, names } from './path-cases/trust'
import { lengths, profile, strength, uses } from './path-cases/uses'

/** Makes all cases in a folder; takes some seconds. */
export function makePathCases(folder: string): readonly PathCase[] {
  const cases = new Cases(new OpenSslPki(folder))
  const groups = [
    good,
    names,
    dates,
    issuers,
    uses,
    lengths,
    strength,
    profile,
    constraints,
    alone,
    deep,
    altered,
  ]
  for (const add of groups) add(cases)
  return cases.list
}
