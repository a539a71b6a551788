import {
  htmlSafe,
  markdownSafe,
  terminalSafe,
  terminalSafeLines,
} from '../../../src/runner/reports/escape.js';

describe('foreign text', () => {
  it('can not steer a terminal', () => {
    expect(terminalSafe('a\u001b[2Jb\u009bc\u007fd\r\n\u202ee\u2028\ud800')).toBe(
      'a\\u{1b}[2Jb\\u{9b}c\\u{7f}d\\u{d}\\u{a}\\u{202e}e\\u{2028}\\u{d800}',
    );
    expect(terminalSafe('Zoë 日本 😀')).toBe('Zoë 日本 😀');
    expect(terminalSafeLines('a\nb\u0007')).toBe('a\nb\\u{7}');
  });

  it('is only text in Markdown', () => {
    expect(markdownSafe('KPI_UNLINKED _x_ __y__ a & b')).toBe('KPI_UNLINKED \\_x\\_ \\_\\_y\\_\\_ a &amp; b');
    expect(markdownSafe('| a \\ ~~b~~ ![i](u) <script>')).toBe(
      '\\| a \\\\ \\~\\~b\\~\\~ !\\[i\\](u) \\<script\\>',
    );
    expect(markdownSafe('1) one')).toBe('1\\) one');
    expect(markdownSafe('+ one\n\n# two')).toBe('\\+ one \\# two');
    expect(markdownSafe('12 records')).toBe('12 records');
  });

  it('is only text in HTML, attributes included', () => {
    expect(htmlSafe(`<img src=x onerror="a('b')"> & \u0000`)).toBe(
      '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp; \\u{0}',
    );
  });
});
