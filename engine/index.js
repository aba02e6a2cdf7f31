// Artillery loads this file. In the workspace the sources run as they are (Node strips the types);
// installed under node_modules, where Node strips no types, the compiled copy runs.
const engine = import.meta.url.includes('/node_modules/')
  ? await import('./dist/artillery/artillery-engine.js')
  : await import('./src/artillery/artillery-engine.ts');

export default engine.LoadlineEngine;
