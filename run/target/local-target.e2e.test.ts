import { describe } from 'vitest';
import { testReferenceStack } from './reference-stack.fixture.ts';

describe('the reference stack with webhooks straight to the queue', () => testReferenceStack('direct'));
