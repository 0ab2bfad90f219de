// `npm run fuzz [-- INPUTS]`: the long run of the damaged conversations of test/integration/fuzz.test.ts, 200,000 unless told.
process.env['FUZZ_INPUTS'] = process.argv[2] ?? '200000'
process.argv.splice(2, Infinity, '--unit', 'test/integration/fuzz.test.ts')
await import('./test.mjs')
