/**
 * What generated code calls when an operation is too long to stand inline. Each is included in a module only if
 * something uses it. Written for interpreters that run source text: short names, no labels, no `Math` beyond what
 * facts of the real Espruino allow (its `sqrt`, `pow` and `round` are inexact, `-x` loses the sign of zero, a double
 * beyond 2^64 does not convert with `|0`).
 *
 * A helper that returns an i64 returns the low word and leaves the high one in `high`.
 */
export type HelperName = keyof typeof HELPERS;

type Source = (use: (symbol: string) => string) => string;

const trap = (reason: string): Source => {
  return () => `function(){throw Error("trap: ${reason}")}`;
};

/** Powers of two as products: the real Espruino wraps decimal integers from 2^63 on. */
const TWO_63 = "4294967296*2147483648";
const TWO_64 = "4294967296*4294967296";

const truncateToInt64 = (use: (symbol: string) => string, outOfRange: string) =>
  `function(x){if(x!=x)${use("trap conversion")}();if(${outOfRange})${use("trap overflow")}();return ${use("words of double")}(x)}`;

export const HELPERS = {
  "trap unreachable": trap("unreachable"),
  "trap divide by zero": trap("integer divide by zero"),
  "trap overflow": trap("integer overflow"),
  "trap conversion": trap("invalid conversion to integer"),
  "trap memory": trap("out of bounds memory access"),
  "trap table": trap("out of bounds table access"),
  /** The way out does not count back, so the counter starts anew. */
  "trap call depth": (use) =>
    `function(){${use("depth")}=${use("depth limit")};throw Error("trap: call stack exhausted")}`,
  "trap null element": trap("uninitialized element"),
  "trap undefined element": trap("undefined element"),
  "trap signature": trap("indirect call type mismatch"),

  /** Copies a string of bytes to `d`. */
  place: (use) => `function(d,s){for(var i=0;i<s.length;i++)${use("U8")}[d+i]=s.charCodeAt(i)}`,
  /** Index of an access of `n` bytes at `p` + `o`, or a trap. */
  index: (use) => `function(p,o,n){p=(p>>>0)+o;if(p+n>${use("memory size")})${use("trap memory")}();return p}`,
  /** Loads `n` bytes (1, 2, 4), little endian, at any address. */
  load: (use) =>
    `function(p,o,n){p=${use("index")}(p,o,n);return n>2?${use("U8")}[p]|${use("U8")}[p+1]<<8|${use("U8")}[p+2]<<16|${use("U8")}[p+3]<<24:n>1?${use("U8")}[p]|${use("U8")}[p+1]<<8:${use("U8")}[p]}`,
  store: (use) => `function(p,o,n,v){p=${use("index")}(p,o,n);for(;n--;v>>=8)${use("U8")}[p++]=v}`,
  /** What stands for an access where inline checks would take more room than they save time. */
  "load word": (use) =>
    `function(p,o){p=(p>>>0)+o;if(p+4>${use("memory size")})${use("trap memory")}();return p&3?${use("load")}(p,0,4):${use("I32")}[p>>2]}`,
  "load byte": (use) =>
    `function(p,o){p=(p>>>0)+o;if(p>=${use("memory size")})${use("trap memory")}();return ${use("U8")}[p]}`,
  "store word": (use) =>
    `function(p,o,v){p=(p>>>0)+o;if(p+4>${use("memory size")})${use("trap memory")}();p&3?${use("store")}(p,0,4,v):${use("I32")}[p>>2]=v}`,
  "store byte": (use) =>
    `function(p,o,v){p=(p>>>0)+o;if(p>=${use("memory size")})${use("trap memory")}();${use("U8")}[p]=v}`,
  "load f32": (use) => `function(p,o){${use("scratch I32")}[0]=${use("load")}(p,o,4);return ${use("scratch F32")}[0]}`,
  "load f64": (use) =>
    `function(p,o){p=${use("index")}(p,o,8);if(!(p&7))return ${use("F64")}[p>>3];for(o=0;o<8;o++)${use("scratch U8")}[o]=${use("U8")}[p+o];return ${use("scratch F64")}[0]}`,
  "store f32": (use) => `function(p,o,v){${use("scratch F32")}[0]=v;${use("store")}(p,o,4,${use("scratch I32")}[0])}`,
  "store f64": (use) =>
    `function(p,o,v){p=${use("index")}(p,o,8);if(!(p&7)){${use("F64")}[p>>3]=v;return}${use("scratch F64")}[0]=v;for(o=0;o<8;o++)${use("U8")}[p+o]=${use("scratch U8")}[o]}`,
  "load i64": (use) =>
    `function(p,o){p=${use("index")}(p,o,8);if(!(p&3)){${use("high")}=${use("I32")}[p+4>>2];return ${use("I32")}[p>>2]}${use("high")}=${use("load")}(p,4,4);return ${use("load")}(p,0,4)}`,
  "store i64": (use) =>
    `function(p,o,l,h){p=${use("index")}(p,o,8);if(!(p&3)){${use("I32")}[p>>2]=l;${use("I32")}[p+4>>2]=h;return}${use("store")}(p,0,4,l);${use("store")}(p,4,4,h)}`,

  // Tables that can be written: `{e: elements, m: maximum}`.
  "table.call": (use) =>
    `function(t,i,s){if(i>>>0>=t.e.length)${use("trap undefined element")}();i=t.e[i];if(i===null)${use("trap null element")}();if(i.s!=s)${use("trap signature")}();return i.f}`,
  "table.get": (use) => `function(t,i){if(i>>>0>=t.e.length)${use("trap table")}();return t.e[i]}`,
  "table.set": (use) => `function(t,i,v){if(i>>>0>=t.e.length)${use("trap table")}();t.e[i]=v}`,
  "table.grow": () => `function(t,v,n){var l=t.e.length;n>>>=0;if(n+l>t.m)return-1;while(n--)t.e.push(v);return l}`,
  "table.fill": (use) =>
    `function(t,i,v,n){i>>>=0;n>>>=0;if(i+n>t.e.length)${use("trap table")}();while(n--)t.e[i++]=v}`,
  "table.copy": (use) =>
    `function(t,u,d,s,n){var k=0;d>>>=0;s>>>=0;n>>>=0;if(s+n>u.e.length||d+n>t.e.length)${use("trap table")}();if(d>s)while(n--)t.e[d+n]=u.e[s+n];else for(;k<n;k++)t.e[d+k]=u.e[s+k]}`,
  "table.init": (use) =>
    `function(t,d,s,n,e){d>>>=0;s>>>=0;n>>>=0;if(s+n>e.length||d+n>t.e.length)${use("trap table")}();while(n--)t.e[d++]=e[s++]}`,

  // Bulk memory. Lengths and ends are checked before the first byte moves. Segments come last: what computes the other
  // arguments may drop them.
  "memory.fill": (use) =>
    `function(d,v,n){d>>>=0;n>>>=0;if(d+n>${use("memory size")})${use("trap memory")}();for(n+=d;d<n;)${use("U8")}[d++]=v}`,
  "memory.copy": (use) =>
    `function(d,s,n){d>>>=0;s>>>=0;n>>>=0;if(s+n>${use("memory size")}||d+n>${use("memory size")})${use("trap memory")}();if(d>s)while(n--)${use("U8")}[d+n]=${use("U8")}[s+n];else for(n+=s;s<n;)${use("U8")}[d++]=${use("U8")}[s++]}`,
  "memory.init": (use) =>
    `function(d,s,n,x){d>>>=0;s>>>=0;n>>>=0;if(s+n>x.length||d+n>${use("memory size")})${use("trap memory")}();for(;n--;)${use("U8")}[d++]=x.charCodeAt(s++)}`,

  "i32.mul": () => `function(a,b){return((a>>>16)*b<<16)+(a&65535)*b|0}`,
  "i32.div_s": (use) =>
    `function(a,b){if(!b)${use("trap divide by zero")}();if(b==-1&&a==-2147483648)${use("trap overflow")}();return a/b|0}`,
  "i32.div_u": (use) => `function(a,b){if(!b)${use("trap divide by zero")}();return(a>>>0)/(b>>>0)|0}`,
  "i32.rem_s": (use) => `function(a,b){if(!b)${use("trap divide by zero")}();return b==-1?0:a%b|0}`,
  "i32.rem_u": (use) => `function(a,b){if(!b)${use("trap divide by zero")}();return(a>>>0)%(b>>>0)|0}`,
  "i32.clz": () =>
    `function(a){var n=0;if(!a)return 32;if(!(a>>>16)){n=16;a<<=16}if(!(a>>>24)){n+=8;a<<=8}if(!(a>>>28)){n+=4;a<<=4}if(!(a>>>30)){n+=2;a<<=2}return n+(a>=0|0)}`,
  "i32.ctz": (use) => `function(a){return a?31-${use("i32.clz")}(a&-a):32}`,
  "i32.popcnt": () =>
    `function(a){a=a-(a>>>1&1431655765)|0;a=(a&858993459)+(a>>>2&858993459);a=a+(a>>>4)&252645135;a+=a>>>8;return a+(a>>>16)&63}`,

  "i64.mul": (use) =>
    // 16-bit digits: every product and sum stays below 2^53.
    `function(a,b,c,d){var e=a&65535,f=a>>>16,g=c&65535,h=c>>>16,i=e*g,j=f*g+(i>>>16),k=e*h+(j&65535);j=f*h+(j/65536|0)+(k/65536|0);${use("high")}=j+${use("i32.mul")}(a,d)+${use("i32.mul")}(b,c)|0;return k<<16|i&65535}`,
  /** Unsigned division by shift and subtract; leaves the remainder in `remainder low` and `remainder high`. */
  "i64.divide": (use) =>
    `function(a,b,c,d){if(!(c|d))${use("trap divide by zero")}();var e=0,f=0,g=0,h=0,n=64,s,t;` +
    // Small divisors, as in printing decimals: two exact divisions of doubles below 2^53.
    `if(!d&&c>>>0<2097152){t=b>>>0;e=t%c;${use("high")}=(t-e)/c|0;t=e*4294967296+(a>>>0);e=t%c;${use("remainder low")}=e|0;${use("remainder high")}=0;return(t-e)/c|0}` +
    // Divisors of 32 bits, as in converting times: 16 bits of the quotient's low word at a time, exact for the same reason.
    `if(!d){c>>>=0;t=b>>>0;e=t%c;${use("high")}=(t-e)/c|0;t=e*65536+(a>>>16);e=t%c;g=(t-e)/c;t=e*65536+(a&65535);e=t%c;${use("remainder low")}=e|0;${use("remainder high")}=0;return g<<16|(t-e)/c}` +
    `if(!b){n=32;b=a;a=0}` +
    `for(;n--;){s=f<0;f=f<<1|e>>>31;e=e<<1|b>>>31;b=b<<1|a>>>31;a<<=1;h=h<<1|g>>>31;g<<=1;t=f>>>0;if(s||t>d>>>0||t==d>>>0&&e>>>0>=c>>>0){t=e>>>0;e=e-c|0;f=f-d-(t<c>>>0)|0;g|=1}}` +
    `${use("remainder low")}=e;${use("remainder high")}=f;${use("high")}=h;return g}`,
  "i64.negate": (use) => `function(a,b){${use("high")}=~b+!a|0;return-a|0}`,
  "i64.div_u": (use) => `function(a,b,c,d){return ${use("i64.divide")}(a,b,c,d)}`,
  "i64.rem_u": (use) =>
    `function(a,b,c,d){${use("i64.divide")}(a,b,c,d);${use("high")}=${use("remainder high")};return ${use("remainder low")}}`,
  "i64.div_s": (use) =>
    `function(a,b,c,d){if((c&d)==-1&&!a&&b==-2147483648)${use("trap overflow")}();var s=b^d;if(b<0){a=${use("i64.negate")}(a,b);b=${use("high")}}if(d<0){c=${use("i64.negate")}(c,d);d=${use("high")}}a=${use("i64.divide")}(a,b,c,d);return s<0?${use("i64.negate")}(a,${use("high")}):a}`,
  "i64.rem_s": (use) =>
    `function(a,b,c,d){var s=b;if(b<0){a=${use("i64.negate")}(a,b);b=${use("high")}}if(d<0){c=${use("i64.negate")}(c,d);d=${use("high")}}${use("i64.divide")}(a,b,c,d);${use("high")}=${use("remainder high")};return s<0?${use("i64.negate")}(${use("remainder low")},${use("high")}):${use("remainder low")}}`,
  "i64.shl": (use) =>
    `function(a,b,n){n&=63;if(n>31){${use("high")}=a<<n-32;return 0}${use("high")}=n?b<<n|a>>>32-n:b;return a<<n}`,
  "i64.shr_u": (use) =>
    `function(a,b,n){n&=63;if(n>31){${use("high")}=0;return b>>>n-32|0}${use("high")}=b>>>n|0;return n?a>>>n|b<<32-n:a}`,
  "i64.shr_s": (use) => `function(a,b,n){n&=63;${use("high")}=n>31?b>>31:b>>n;return n>31?b>>n-32:n?a>>>n|b<<32-n:a}`,
  "i64.rotl": (use) =>
    `function(a,b,n){n&=63;var t=a;if(n>31){a=b;b=t;t=a;n-=32}if(n){a=a<<n|b>>>32-n;b=b<<n|t>>>32-n}${use("high")}=b;return a}`,

  // Floats. `x==x` is false for NaN alone; 1/x tells the zeros apart.
  "words of double": (use) =>
    // |x| < 2^64. Splits without converting a double beyond 2^53 at once.
    `function(x){var n=x<0,h;if(n)x=x*-1;h=${use("floor")}(x/4294967296);x=${use("floor")}(x-h*4294967296);x=x>2147483647?x-4294967296|0:x|0;h=h>2147483647?h-4294967296|0:h|0;${use("high")}=h;return n?${use("i64.negate")}(x,h):x}`,
  floor: () => `Math.floor`,
  "f64.bits": (use) =>
    `function(l,h){${use("scratch I32")}[0]=l;${use("scratch I32")}[1]=h;return ${use("scratch F64")}[0]}`,
  "f32.bits": (use) => `function(l){${use("scratch I32")}[0]=l;return ${use("scratch F32")}[0]}`,
  "f64.neg": (use) =>
    `function(x){if(x==x)return x*-1;${use("scratch F64")}[0]=x;${use("scratch I32")}[1]^=2147483648;return ${use("scratch F64")}[0]}`,
  "f64.abs": (use) =>
    `function(x){if(x>0)return x;${use("scratch F64")}[0]=x;${use("scratch I32")}[1]&=2147483647;return ${use("scratch F64")}[0]}`,
  "f64.copysign": (use) =>
    `function(x,y){var s;${use("scratch F64")}[0]=y;s=${use("scratch I32")}[1]&2147483648;${use("scratch F64")}[0]=x;${use("scratch I32")}[1]=${use("scratch I32")}[1]&2147483647|s;return ${use("scratch F64")}[0]}`,
  "f32.neg": (use) =>
    `function(x){if(x==x)return x*-1;${use("scratch F32")}[0]=x;${use("scratch I32")}[0]^=2147483648;return ${use("scratch F32")}[0]}`,
  "f32.abs": (use) =>
    `function(x){if(x>0)return x;${use("scratch F32")}[0]=x;${use("scratch I32")}[0]&=2147483647;return ${use("scratch F32")}[0]}`,
  "f32.copysign": (use) =>
    `function(x,y){var s;${use("scratch F32")}[0]=y;s=${use("scratch I32")}[0]&2147483648;${use("scratch F32")}[0]=x;${use("scratch I32")}[0]=${use("scratch I32")}[0]&2147483647|s;return ${use("scratch F32")}[0]}`,
  /** Whole numbers from 2^52 on have no fraction, and `floor` of the interpreter need not know them. */
  "f64.floor": (use) =>
    `function(x){if(!(x<4503599627370496&&x>-4503599627370496)||x==0)return x*1;return ${use("floor")}(x)/1}`,
  "f64.ceil": (use) => `function(x){return ${use("f64.floor")}(x*-1)*-1}`,
  "f64.trunc": (use) => `function(x){return x<0?${use("f64.floor")}(x*-1)*-1:${use("f64.floor")}(x)}`,
  /** To even. Adding 2^52 rounds in the current (only) rounding mode. */
  "f64.nearest": () =>
    `function(x){if(!(x<4503599627370496&&x>-4503599627370496)||x==0)return x*1;var y=x<0?x*-1:x/1;y=y+4503599627370496-4503599627370496;return x<0?y*-1:y}`,
  /**
   * Half the exponent is within 6%, four of Newton's steps get to the last bit or two (Espruino's `Math.sqrt` may be
   * further off), then the last bit by an exact residue (Dekker's product): the candidate is right when
   * |x - s²| is at most s times its unit in the last place.
   */
  "f64.sqrt": (use) =>
    `function(x){var k=1,s,u,h,l,r;if(!(x>0)||x==1/0)return x<0?0/0:x*1;if(x*x==0){x=x*18014398509481984*18014398509481984;k=18014398509481984}else if(x*x==1/0){x=x/18014398509481984;k=1/134217728}` +
    `${use("scratch F64")}[0]=x;${use("scratch I32")}[1]=(${use("scratch I32")}[1]>>1)+536346624;s=${use("scratch F64")}[0];for(h=0;h<4;h=h+1)s=(s+x/s)*.5;` +
    `h=s*134217729;h=h-(h-s);l=s-h;r=x-h*h-2*h*l-l*l;` +
    `${use("scratch F64")}[0]=s;${use("scratch I32")}[0]=0;${use("scratch I32")}[1]&=2146435072;u=${use("scratch F64")}[0]/4503599627370496;` +
    // Below a power of two the units are half as large.
    `if(r>s*u)s=s+u;else{if(s==${use("scratch F64")}[0])u=u*.5;if(r<=s*u*-1)s=s-u}return s/k}`,
  "f64.min": (use) => `function(x,y){return x<y?x:y<x?y:x==y?x!=0?x:1/x<0?x:y:${use("nan")}(x,y)}`,
  "f64.max": (use) => `function(x,y){return x>y?x:y>x?y:x==y?x!=0?x:1/x<0?y:x:${use("nan")}(x,y)}`,
  nan: () => `function(x,y){return x+y}`,

  "i32.trunc_s": (use) =>
    `function(x){if(x!=x)${use("trap conversion")}();if(x<=-2147483649||x>=2147483648)${use("trap overflow")}();return x|0}`,
  "i32.trunc_u": (use) =>
    `function(x){if(x!=x)${use("trap conversion")}();if(x<=-1||x>=4294967296)${use("trap overflow")}();return x|0}`,
  "i32.trunc_sat_s": () => `function(x){return x!=x?0:x<=-2147483648?-2147483648:x>=2147483647?2147483647:x|0}`,
  "i32.trunc_sat_u": () => `function(x){return x>=4294967295?-1:x>0?x|0:0}`,
  "i64.trunc_s": (use) => truncateToInt64(use, `x<-${TWO_63}||x>=${TWO_63}`),
  "i64.trunc_u": (use) => truncateToInt64(use, `x<=-1||x>=${TWO_64}`),
  "i64.trunc_sat_s": (use) =>
    `function(x){if(x!=x)return ${use("high")}=0;if(x<=-${TWO_63}){${use("high")}=-2147483648;return 0}if(x>=${TWO_63}){${use("high")}=2147483647;return -1}return ${use("words of double")}(x)}`,
  "i64.trunc_sat_u": (use) =>
    `function(x){if(!(x>0))return ${use("high")}=0;if(x>=${TWO_64})return ${use("high")}=-1;return ${use("words of double")}(x)}`,
  "f64.convert_i64_s": () => `function(l,h){return h*4294967296+(l>>>0)/1}`,
  "f64.convert_i64_u": () => `function(l,h){return(h>>>0)*4294967296+(l>>>0)/1}`,
  /** Rounds once: what the low bits would decide is folded into a sticky bit that a double still holds. */
  "f32.convert_i64_u": () =>
    `function(l,h){if(h>>>0<2097152)return(h>>>0)*4294967296+(l>>>0)/1;return(h>>>0)*4294967296+((l&4095?l|4096:l)>>>12)*4096}`,
  "f32.convert_i64_s": (use) =>
    `function(l,h){if(h>=0)return ${use("f32.convert_i64_u")}(l,h);l=${use("i64.negate")}(l,h);return ${use("f32.convert_i64_u")}(l,${use("high")})*-1}`,
} satisfies Record<string, Source>;
