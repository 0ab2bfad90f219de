/** Theme and size of text as they are chosen in *Settings…*: shown at once, and as before when the dialog goes. Main keeps neither. */
import { onScopeDispose, watch } from 'vue'
import type { Looks } from '#shared/settings'
import { call, logUnforeseen } from '../call'

/** @param chosen what is chosen while the dialog is open and differs from what is kept; undefined otherwise */
export function useLooksPreview(chosen: () => Looks | undefined): void {
  watch(
    () => JSON.stringify(chosen()),
    () => {
      const looks = chosen()
      call('settings:preview', looks ? { looks } : {}).catch(logUnforeseen)
    },
  )

  /** With text of another size, what was just chosen may have gone out of sight. */
  function keepInSight(): void {
    if (chosen()) document.activeElement?.scrollIntoView({ block: 'nearest' })
  }
  window.addEventListener('resize', keepInSight)
  onScopeDispose(() => window.removeEventListener('resize', keepInSight))
}
