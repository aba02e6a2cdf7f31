/** All cases. */
import type { ConformanceCase } from '../conformance-case.ts';
import { handshakeCases } from './handshake.ts';

export const cases: readonly ConformanceCase[] = [...handshakeCases];
