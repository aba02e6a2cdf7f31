/**
 * The page's part of the live what-if, as far as it is there without its code. Code and data are packed (deflate, five signs for four bytes): they are more than half
 * of the page otherwise, and a page is sent by mail. The policy names the digest of the code as it runs.
 */
import { deflateRawSync } from 'node:zlib';
import { type Markup, markup, trusted } from '../render/markup.ts';
import { whatIfStyle } from './style.ts';

/** What a page with a live what-if has besides its document. */
export interface WhatIfPage {
  id: string;
  title: string;
  /** The section of the document that it follows; where there is none, it comes first. */
  behind: string;
  markup: Markup;
  /** Code and data, for the end of the page. */
  packed: Markup;
  style: string;
  /** A script of the page, which unpacks the code and runs it. */
  loader: string;
  /** The code as it runs, for the page's policy. */
  code: string;
}

/** `data`: of {@link dataJson}. `code`: of {@link whatIfScript}. `command`: that calculates the same. `behind`: the section that it follows. */
export const whatIfPage = (
  data: string,
  { code, command, behind }: { code: string; command: 'plan' | 'choose'; behind: string },
): WhatIfPage => ({
  id: 'what-if',
  title: 'What if',
  behind,
  markup: markup`<section aria-labelledby="what-if"><h2 id="what-if">What if</h2>
<p>Change a number, and the answer follows by the calculation of <code>loadline ${command}</code>. The address of this page then holds the scenario.</p>
<p id="what-if-still" class="muted">This part needs JavaScript, which is off or not there. Everything else on this page is complete without it; a plan is calculated as well by <code>loadline ${command} my-plan.yml</code>.</p>
<div id="what-if-app" hidden></div>
</section>`,
  packed: markup`<script type="text/plain" id="what-if-data">${trusted(packed(data))}</script>
<script type="text/plain" id="what-if-code">${trusted(packed(code))}</script>
`,
  style: whatIfStyle,
  loader,
  code,
});

/** Signs of base 85: those from `(` on, `~` in place of `<`, which a script must not have. */
const sign = (digit: number): string => String.fromCharCode(digit === 20 ? 126 : digit + 40);

/**
 * Five signs for each four bytes, a fifteenth shorter than base64; for n bytes at the end n + 1 signs, as in Ascii85: the reader fills up with the
 * highest sign, and drops as many bytes.
 */
export function packed(text: string): string {
  const bytes = deflateRawSync(text, { level: 9 });
  const missing = (4 - (bytes.length % 4)) % 4;
  const whole = Buffer.concat([bytes, Buffer.alloc(missing)]);
  let signs = '';
  for (let at = 0; at < whole.length; at += 4) {
    const four = whole.readUInt32BE(at);
    for (let power = 85 ** 4; power >= 1; power /= 85) signs += sign(Math.floor(four / power) % 85);
  }
  return signs.slice(0, signs.length - missing);
}

/** The bytes of {@link packed}, as an ArrayBuffer: for {@link loader}. */
export const bytesOfSigns =
  "(text)=>{const all=text+'||||',count=Math.floor(text.length*4/5),view=new DataView(new ArrayBuffer(count+4));for(let n=0;n<text.length;n+=5){let four=0;for(let i=n;i<n+5;i++){const c=all.charCodeAt(i);four=four*85+(c===126?20:c-40)}view.setUint32(n/5*4,four)}return view.buffer.slice(0,count)}";

/** In a browser that cannot unpack, the sentence about JavaScript stays. */
const loader = `(async()=>{const get=(id)=>document.getElementById(id);const bytes=${bytesOfSigns};const unpack=(each)=>new Response(new Blob([bytes(each.textContent)]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();const data=get('what-if-data');data.textContent=await unpack(data);const code=document.createElement('script');code.textContent=await unpack(get('what-if-code'));document.body.append(code)})();`;
