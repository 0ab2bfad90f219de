/** Looking at the app as a person with or without sight does: sizes, and accessibility faults with their places. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import type { App } from './app'

/** Serious faults of the page as it is now, in a form that says where they are. */
export async function faults(page: Page, where: string): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${where}: ${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    )
}

/** Gives the client's window a size, and the others half of its width. */
export async function resize(app: App, size: { width: number; height: number }): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }, { width, height }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      const isClient = window.getTitle().startsWith('Client')
      window.setBounds({ x: 0, y: 0, width: isClient ? width : Math.round(width / 2), height })
    }
  }, size)
}
