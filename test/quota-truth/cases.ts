/** Quota truth as conformance cases. */
import type { ConformanceCase } from '../conformance/conformance-case.ts';

export const quotaTruthCases: readonly ConformanceCase[] = [];
