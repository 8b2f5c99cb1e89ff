import { BOOTS, CELL, CELL_BYTES, FOOTER_BYTES, LAYOUT_VERSION, MAGIC, TRAILER_BYTES } from "./layout.js";

/** How any version of our loader begins; `.bootcde` that begins otherwise belongs to the user. */
export const LOADER_MARK = "//ristretto loader";

/** Milliseconds that a program must run before it counts as proved. */
const CONFIRM_AFTER = 10_000;

/** Milliseconds that the prompt stays free before a program without boots left is tried again. */
const RELUCTANT_AFTER = 5000;

const cell = (index: number): string => `e+${TRAILER_BYTES + index * CELL_BYTES}`;

/**
 * The board's `.bootcde`, written once. It is evaluated from flash and names nothing: what is in functions is gone when
 * they return, and the program's own functions stay in flash, because `eval` gets a string that lies there. It calls
 * no method of String or Array and throws nothing, since the prototypes that Espruino makes for those stay in RAM.
 *
 * - `$b` exists only while a program is on probation: file, offset of its `confirmed` cell, of its `rejected` cell,
 *   and whether another program could take its place.
 * - For both slots: `s` the file, `e` where its trailer begins, `j` what it says, `i` boots counted, `q` whether it may
 *   run: 2 when confirmed, 1 with boots left, 0 with none left. Trailer and code are held against their CRCs. `B` is the
 *   best so far, `R` how many may run.
 * - A program on probation that throws as it starts is rejected at once if another can take its place; one that hangs
 *   or crashes is left after three boots; one that lives for 10 s is confirmed. With nothing to fall back to it is
 *   tried again, after 5 s in which the prompt is free.
 */
export const LOADER = [
  `${LOADER_MARK} ${LAYOUT_VERSION}\n`,
  `try{eval(function(){`,
  `var S=require("Storage"),R=0,k,n,s,e,j,i,q,B,p=function(o){return s[o]!="\\xff"};`,
  `for(k=0;k<2;k++){`,
  `n="ristretto-"+(k?"b":"a");s=S.read(n);`,
  `if(s&&(e=s.length-${FOOTER_BYTES})>0&&!p(${cell(CELL.rejected)})){`,
  `j=S.read(n,e+8,${TRAILER_BYTES - 8});`,
  `if(E.CRC32(j)==parseInt(S.read(n,e,8),16)){`,
  `j=JSON.parse(j);`,
  `if(j[0]=="${MAGIC}"&&j[1]==${LAYOUT_VERSION}&&E.CRC32(S.read(n,0,j[3]))==j[4]){`,
  `i=0;while(i<${BOOTS}&&p(${cell(CELL.firstBoot)}+i*${CELL_BYTES}))i++;`,
  `q=p(${cell(CELL.confirmed)})?2:i<${BOOTS}?1:0;`,
  `if(q)R++;`,
  `if(!B||(q>0)>(B.q>0)||(q>0)==(B.q>0)&&j[2]>B.j[2])B={q:q,j:j,n:n,e:e,i:i}`,
  `}}}}`,
  `if(!B)return'print("ristretto: no program")';`,
  `n=B.n;e=B.e;s=S.read(n,0,B.j[3]);`,
  `if(B.q<2)$b=[n,${cell(CELL.confirmed)},${cell(CELL.rejected)},R>1];`,
  `if(B.q==1)S.write(n,"\\0",${cell(CELL.firstBoot)}+B.i*${CELL_BYTES});`,
  `if(B.q)return s;`,
  `setTimeout(s,${RELUCTANT_AFTER});`,
  `return'print("ristretto: "+$b[0]+" failed ${BOOTS} boots, tried again in ${RELUCTANT_AFTER / 1000} s")'`,
  `}())}catch(x){`,
  `if(global.$b&&$b[3]){require("Storage").write($b[0],"\\0",$b[2]);load()}`,
  `delete global.$b;`,
  `throw x}`,
  `if(global.$b)setTimeout(function(){`,
  `require("Storage").write($b[0],"\\0",$b[1]);delete global.$b`,
  `},${CONFIRM_AFTER});`,
].join("");
