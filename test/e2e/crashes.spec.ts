import { expect, test } from '@playwright/test'
import { launchApp } from '../support/app'

/** Three crashes within a minute are one too many: the third is asked about. */
test('a page that keeps crashing is loaded again twice, and then only when the person says so', async () => {
  const app = await launchApp()
  const { electron } = app
  await electron.evaluate(({ dialog }) => {
    const stub = dialog as unknown as { asked: number; showMessageBox: () => Promise<{ response: number }> }
    stub.asked = 0
    // “Leave it”.
    stub.showMessageBox = async () => ({ response: stub.asked++ < 1 ? 1 : 0 })
  })
  const state = () =>
    electron.evaluate(({ dialog, BrowserWindow }) => {
      const pages = BrowserWindow.getAllWindows().map(({ webContents }) => webContents)
      return {
        asked: (dialog as unknown as { asked: number }).asked,
        crashed: pages.filter((page) => page.isCrashed()).length,
        loading: pages.filter((page) => page.isLoading()).length,
      }
    })
  const crash = () =>
    electron.evaluate(async ({ BrowserWindow }) => {
      const page = BrowserWindow.getAllWindows().find((window) =>
        window.webContents.getURL().includes('/server/'),
      )
      const gone = new Promise((resolve) => page?.webContents.once('render-process-gone', resolve))
      page?.webContents.forcefullyCrashRenderer()
      await gone
    })
  for (const times of ['once', 'twice']) {
    await crash()
    await expect.poll(state, times).toEqual({ asked: 0, crashed: 0, loading: 0 })
  }
  await crash()
  await expect.poll(state).toEqual({ asked: 1, crashed: 1, loading: 0 })
  await app.close()
})
