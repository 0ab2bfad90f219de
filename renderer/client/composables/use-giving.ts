/** Gives main what this window has recorded, when a run is saved. */
import { onScopeDispose } from 'vue'
import type { CallsOf } from '#shared/ipc/contract'
import { faultOf, logUnforeseen, type Call } from '../../common/call'
import { laterModule } from '../../common/later'
import type { VisibleWalk } from './use-walk'

const loadGiving = laterModule(() => import('../walk/give-records'))

/** For the root of the window. */
export function useGiving({ kept }: Pick<VisibleWalk, 'kept'>, call: Call<CallsOf<'client'>>): void {
  const stop = window.lab.on('run:ask', ({ id }) => {
    void loadGiving()
      .then(({ giveRecords }) => giveRecords(id, kept(), call))
      .catch((error: unknown) => {
        faultOf(error)
        void call('run:give', { id, failed: true }).catch(logUnforeseen)
      })
  })
  onScopeDispose(stop)
}
