/** A connection that crosses the adversary's wire to the server, as the adversary knows it; what is sent on it goes nowhere. */
import type { LineOptions } from '#main/adversary/line'

export const SILENT_LINE = {
  wire: 'server',
  kind: 'crossing',
  opener: { address: '127.0.0.1', port: 1 },
  ends: ['opener', 'acceptor'],
  send: async () => undefined,
  cut: () => undefined,
} as const satisfies Omit<LineOptions, 'number'>
