// JSON without a lost digit. JSON.parse makes doubles of all numbers: 9223372036854775807 would come
// out as …808, and be written back so. Here a number that a double holds stays a number; an integer
// that it does not hold becomes a BigInt, and any other number keeps its text.

/** A number that no double holds, such as 0.12345678901234567890. */
export class ExactNumber {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(?=\s*(:?))|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MAY_BE_LONG = /\d{16}|\d\.\d{15}|[\d.]{17}|\d[eE][+-]?\d/;

// A marked string begins with NUL. One that had it already is marked too, so no text can pass for
// a number.
const NUMBER = '\u0000n';
const TEXT = '\u0000t';

export function parse(text) {
  if (!MAY_BE_LONG.test(text)) {
    return JSON.parse(text);
  }
  const marked = text.replace(TOKEN, (token, colon) => {
    if (token[0] === '"') {
      return colon || !token.startsWith('"\\u0000') ? token : `"\\u0000t${token.slice(1)}`;
    }
    return isExact(token) ? token : `"\\u0000n${token}"`;
  });
  return JSON.parse(marked, (_, value) => {
    if (typeof value !== 'string' || value[0] !== '\u0000') {
      return value;
    }
    const rest = value.slice(2);
    if (value.startsWith(TEXT)) {
      return rest;
    }
    return /^-?\d+$/.test(rest) ? BigInt(rest) : new ExactNumber(rest);
  });
}

export function stringify(value) {
  let special = false;
  const marked = JSON.stringify(value, (_, one) => {
    if (typeof one === 'bigint' || one instanceof ExactNumber) {
      special = true;
      return NUMBER + one;
    }
    if (typeof one === 'string' && one[0] === '\u0000') {
      special = true;
      return TEXT + one;
    }
    return one;
  });
  if (!special) {
    return marked;
  }
  return marked.replace(TOKEN, (token, colon) => {
    if (colon || !token.startsWith('"\\u0000')) {
      return token;
    }
    return token[7] === 'n' ? token.slice(8, -1) : `"${token.slice(8)}`;
  });
}

function isExact(literal) {
  const number = Number(literal);
  if (/^-?\d+$/.test(literal)) {
    return Number.isSafeInteger(number);
  }
  // What a double prints as its shortest text is what was meant by that text.
  return Number.isFinite(number) && digits(literal) === digits(String(number));
}

/** The digits that count and where the point is: 1.50 and 15e-1 have the same. */
function digits(literal) {
  const [, whole, fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(literal);
  const all = (whole + fraction).replace(/^0+/, '');
  const short = all.replace(/0+$/, '');
  return short === '' ? '0' : `${short}e${Number(exponent) - fraction.length + all.length - short.length}`;
}
