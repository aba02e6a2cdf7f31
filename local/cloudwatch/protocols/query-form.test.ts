import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeXml } from '../../process/xml.ts';
import { CloudWatchError } from '../cloudwatch-error.ts';
import { readForm } from './query-form.ts';
import { inputShapes, type Shape } from './query-shapes.ts';
import { elements } from './xml.ts';

const shape = inputShapes.PutMetricData as Shape;
const put = (form: string) => readForm(new URLSearchParams(form), shape);

describe('readForm', () => {
  it('reads members in the order of their numbers, regardless of their order in the form', () => {
    expect(
      put('MetricData.member.10.MetricName=b&MetricData.member.2.MetricName=a&MetricData.member.2.Value=1e3'),
    ).toEqual({ MetricData: [{ MetricName: 'a', Value: 1_000 }, { MetricName: 'b' }] });
  });

  it('reads times in ISO 8601 as seconds, and seconds as they are', () => {
    const times = 'MetricData.member.1.Timestamp=2026-09-21T14:14:00.500Z&MetricData.member.2.Timestamp=1790000040';
    expect(put(times)).toEqual({ MetricData: [{ Timestamp: 1_790_000_040.5 }, { Timestamp: 1_790_000_040 }] });
  });

  it('ignores unknown fields, including `__proto__`', () => {
    expect(put('Namespace=N&__proto__.polluted=1&constructor=2&MetricData.member.1.__proto__.x=1')).toEqual({
      Namespace: 'N',
      MetricData: [{}],
    });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it.each(['MetricData.member.0.Value=1', 'MetricData.member.x.Value=1', 'MetricData.member.1.Value=one'])(
    'refuses %s',
    (form) => {
      expect(() => put(form)).toThrow(CloudWatchError);
    },
  );

  it('treats index 9,000,000,000,000,000 as one member, not as that many', () => {
    expect(put('MetricData.member.9000000000000000.MetricName=a')).toEqual({ MetricData: [{ MetricName: 'a' }] });
  });

  it('throws only CloudWatchError for any form', () => {
    const part = fc.constantFrom('MetricData', 'member', '1', '2', 'Value', 'Dimensions', '__proto__', '', 'Name');
    const name = fc.array(part, { maxLength: 14 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 20 }), (pairs) => {
        try {
          readForm(new URLSearchParams(pairs), shape);
        } catch (error) {
          expect(error).toBeInstanceOf(CloudWatchError);
        }
      }),
    );
  });
});

describe('XML', () => {
  it('escapes markup, and replaces characters that XML cannot represent', () => {
    expect(escapeXml('<a & "b">\u0000\ud800\n')).toBe('&lt;a &amp; &quot;b&quot;&gt;\ufffd\ufffd\n');
  });

  it('writes lists as members and times in ISO 8601', () => {
    expect(elements({ Values: [1.5, 2], Timestamps: [0, 0.25], None: undefined })).toBe(
      '<Values><member>1.5</member><member>2</member></Values>' +
        '<Timestamps><member>1970-01-01T00:00:00Z</member><member>1970-01-01T00:00:00.250Z</member></Timestamps>',
    );
  });
});
