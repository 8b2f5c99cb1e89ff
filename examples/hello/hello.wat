;; The smallest program that says something: one call, fd_write, and nothing else of WASI.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; One iovec: where the text is and how long; fd_write stores how much it wrote after that.
  (data (i32.const 0) "\10\00\00\00\16\00\00\00")
  (data (i32.const 16) "Hello from ristretto!\n")
  (func $main (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
