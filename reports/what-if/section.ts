/**
 * The page's part of the live what-if, as far as it is there without its code. Code and data are packed (deflate, base64): they are more than half
 * of the page otherwise, and a page is sent by mail. The policy names the digest of the code as it runs.
 */
import { deflateRawSync } from 'node:zlib';
import { type Markup, markup, trusted } from '../render/markup.ts';
import { dataJson, type WhatIfData } from './page-data.ts';
import { whatIfStyle } from './style.ts';

/** What a page with a live what-if has besides its document. */
export interface WhatIfPage {
  id: string;
  title: string;
  markup: Markup;
  /** Code and data, for the end of the page. */
  packed: Markup;
  style: string;
  /** A script of the page, which unpacks the code and runs it. */
  loader: string;
  /** The code as it runs, for the page's policy. */
  code: string;
}

/** `code`: of {@link whatIfScript}. */
export const whatIfPage = (data: WhatIfData, code: string): WhatIfPage => ({
  id: 'what-if',
  title: 'What if',
  markup: markup`<section aria-labelledby="what-if"><h2 id="what-if">What if</h2>
<p>Change a number, and the answer follows by the calculation of <code>loadline plan</code>. The address of this page then holds the scenario.</p>
<p id="what-if-still" class="muted">This part needs JavaScript, which is off or not there. Everything else on this page is complete without it; a plan is calculated as well by <code>loadline plan my-plan.yml</code>.</p>
<div id="what-if-app" hidden></div>
</section>`,
  packed: markup`<script type="text/plain" id="what-if-data">${trusted(packed(dataJson(data)))}</script>
<script type="text/plain" id="what-if-code">${trusted(packed(code))}</script>
`,
  style: whatIfStyle,
  loader,
  code,
});

const packed = (text: string): string => deflateRawSync(text, { level: 9 }).toString('base64');

/** In a browser that cannot unpack, the sentence about JavaScript stays. */
const loader = `(async()=>{const get=(id)=>document.getElementById(id);const unpack=(each)=>new Response(new Blob([Uint8Array.from(atob(each.textContent),(c)=>c.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();const data=get('what-if-data');data.textContent=await unpack(data);const code=document.createElement('script');code.textContent=await unpack(get('what-if-code'));document.body.append(code)})();`;
