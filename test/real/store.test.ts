import { describeBackends } from '../backends.js';
import { storeSuite } from '../store/suite.js';
import { POSTGRES } from './backends.js';

describeBackends('the store', [POSTGRES], storeSuite);
