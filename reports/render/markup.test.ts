import { expect, test } from 'vitest';
import { joined, markup, trusted } from './markup.ts';

test('text is escaped, in content and in attributes; markup is not', () => {
  const inner = markup`<b title="${'"\'\n'}">${'a<b & c'}</b>`;
  expect(markup`<p>${inner}${3}${null}</p>`.source).toBe('<p><b title="&quot;&#39;&#10;">a&lt;b &amp; c</b>3</p>');
});

test('lists are joined, each part by the same rule', () => {
  expect(markup`<ul>${['<', markup`<li>`, ['>', null]]}</ul>`.source).toBe('<ul>&lt;<li>&gt;</ul>');
  expect(joined(['<', markup`<br>`], '\n').source).toBe('&lt;\n<br>');
});

test('text that looks like markup from inside is still escaped', () => {
  const lookalike = JSON.parse('{"source":"<script>"}');
  expect(markup`${String(lookalike.source)}`.source).toBe('&lt;script&gt;');
  expect(markup`${trusted('<svg/>')}`.source).toBe('<svg/>');
});
