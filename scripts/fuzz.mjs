// `npm run fuzz [-- INPUTS]`: the long run of the damaged conversations of test/integration/fuzz.test.ts, 200,000 unless told, and
// of the mutated messages of contract-fuzz.test.ts, 50,000 unless told. `npm run fuzz -- "NAME"` does one mutated message again, by
// the name that a failure gives.
const [what] = process.argv.slice(2)
const tests = ['test/integration/contract-fuzz.test.ts']
if (what === undefined || /^\d+$/.test(what)) {
  process.env['FUZZ_INPUTS'] = what ?? '200000'
  process.env['CONTRACT_FUZZ_INPUTS'] = what ?? '50000'
  tests.push('test/integration/fuzz.test.ts')
} else {
  process.env['FUZZ_INPUT'] = what
}
process.argv.splice(2, Infinity, '--unit', ...tests)
await import('./test.mjs')
