/**
 * What a script of `script-engine.ts` begins with, in the ES5 of boards.
 *
 * `f` and `d` make floats from bits, `r` an external reference from its number; `h` makes an import that prints what it is given (`H number bits…`) and answers
 * from the list `A`; `g` takes an i64 global as two words; `I`, `C`, `G`, `M` instantiate, call, read a global, read
 * memory, and print `R` with the answer or `T` with the trap. Numbers are printed as the hexadecimal digits of their
 * bits.
 */
export const PRELUDE = [
  "var W=new ArrayBuffer(8),w=new Int32Array(W),s=new Float32Array(W),z=new Float64Array(W),m=[],b=[],e=[],n=0;",
  "function f(l){w[0]=l;return s[0]}",
  "function d(l,h){w[0]=l;w[1]=h;return z[0]}",
  'function x(v){var t=(v>>>0).toString(16);while(t.length<8)t="0"+t;return t}',
  "function B(t,l,h){",
  'if(t=="i32")return x(l);',
  'if(t=="i64")return x(h)+x(l);',
  'if(t=="f32"){s[0]=l;return x(w[0])}',
  'if(t=="f64"){z[0]=l;return x(w[1])+x(w[0])}',
  'return l===null?"null":l.r===undefined?"reference":l.r}',
  "function r(i){return e[i]||(e[i]={r:i})}",
  "function h(k,p,r){return function(){",
  'var a=arguments,t="H "+k,i=0;',
  'if(p)p.split(" ").forEach(function(y){t+=" "+B(y,a[i],a[i+1]);i+=y=="i64"?2:1});',
  "print(t);if(r)return A[n++]}}",
  "function g(v){return v[1]===undefined?v[0]:v}",
  'function T(e){print("T "+(e&&e.message?e.message:e))}',
  'function I(i,k){try{m[i]=k();print("R")}catch(y){T(y)}}',
  "function C(i,k,a,r){var v,o,u;try{v=a(m[i][0][k]);o=m[i][3]();u=m[i][4]();",
  'print("R"+(r?" "+r.split(" ").map(function(y,j){return B(y,j?u[j]:v,o[j])}).join(" "):""))}catch(y){T(y)}}',
  'function G(i,k,t){var v=m[i][5][k]();print("R "+B(t,v[0],v[1]))}',
  "function M(i){var u=new Uint8Array(b[i]),l=m[i][6](),t=[],p=0,q,r;",
  'while(p<l){if(u[p]){q=p;r="";while(p<l&&u[p]){r+=(u[p]<16?"0":"")+u[p].toString(16);p++}t.push(q+":"+r)}else p++}',
  'print("R "+l+(t.length?" "+t.join(" "):""))}',
].join("\n");
