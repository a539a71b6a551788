import base from './jest.config.js';

/** The long versions of test/faults: minutes, not seconds. @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['**/chaos/*.chaos.ts'],
  testTimeout: 3_600_000,
};
