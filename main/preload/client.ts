import { exposeBridge } from './expose'

exposeBridge('client')
