;;; test.el --- Deed in Emacs with editors/emacs, without a screen -*- lexical-binding: t; -*-
;; usage: DEED=… ORGANISATION=… emacs -Q --batch -L editors/emacs -l test.el

(require 'package)
(dolist (directory '("/usr/share/emacs/site-lisp/elpa" "/usr/share/emacs/site-lisp/elpa-src"))
  (add-to-list 'package-directory-list directory))
(package-initialize)
(require 'deed)
(require 'flymake)

(defun test-fail (what)
  (message "not ok %s" what)
  (kill-emacs 1))

(defun test-wait (what look)
  "Say WHAT as soon as LOOK returns something, which is returned; fail when it never does."
  (let ((end (+ (float-time) 20)) seen)
    (while (and (not (setq seen (funcall look))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless seen (test-fail (concat "never: " what)))
    (message "ok %s" what)
    seen))

(defun test-check (what holds seen)
  (if holds (message "ok %s" what) (test-fail (format "%s: %S" what seen))))

(defun test-diagnostics (&optional pattern)
  (flymake-start)
  (seq-filter (lambda (one) (string-match-p (or pattern "") (flymake-diagnostic-text one))) (flymake-diagnostics)))

(defun test-request (method text)
  "The answer to METHOD at the place just before the end of TEXT."
  (goto-char (point-min))
  (search-forward text)
  (backward-char)
  (jsonrpc-request (eglot-current-server) method (eglot--TextDocumentPositionParams)))

(setq backtrace-on-error-noninteractive nil
      deed-program (getenv "DEED")
      eglot-sync-connect t
      eglot-connect-timeout 30
      eglot-send-changes-idle-time 0.05
      eglot-confirm-server-initiated-edits nil
      eglot-confirm-server-edits nil
      make-backup-files nil
      create-lockfiles nil)
(message "# Emacs %s, Eglot %s" emacs-version
         (or (ignore-errors (package-desc-version (cadr (assq 'eglot package-alist)))) "built in"))

(let ((default-directory (file-name-as-directory (getenv "ORGANISATION"))))
  (test-check "a YAML file that is no manifest keeps its mode"
              (not (eq 'deed-mode (assoc-default "/x/other.yaml" auto-mode-alist #'string-match-p))) nil)
  (test-check "a manifest in JSON has a mode"
              (eq 'deed-json-mode (assoc-default "/x/risks.deed.json" auto-mode-alist #'string-match-p)) nil)
  (find-file "deed.yaml")
  (test-check "a manifest in YAML has a mode" (eq major-mode 'deed-mode) major-mode)
  (apply #'eglot (eglot--guess-contact))
  (test-wait "the server is connected" #'eglot-current-server)
  (flymake-mode 1)
  (test-wait "diagnostics after opening" #'test-diagnostics)
  (let (place)
    (goto-char (point-min))
    (search-forward "  model: federated")
    (setq place (+ 2 (line-beginning-position)))
    (delete-region place (+ place 5))
    (goto-char place)
    (insert "modle")
    (eglot--signal-textDocument/didChange)
    (let ((mistake (car (test-wait "a mistake is seen" (lambda () (test-diagnostics "did you mean `model`"))))))
      (test-check "at its place" (= place (flymake-diagnostic-beg mistake)) mistake))
    (let* ((actions (eglot-code-actions place (+ place 5) "quickfix"))
           (fix (seq-find (lambda (action) (string-match-p "model" (plist-get action :title))) actions)))
      (test-check "a fix is offered" fix actions)
      (eglot--dbind ((CodeAction) edit) fix
        (eglot--apply-workspace-edit edit)))
    (test-wait "and mends it" (lambda () (goto-char (point-min)) (search-forward "  model: federated" nil t)))
    (eglot--signal-textDocument/didChange)
    (test-wait "the mistake is gone" (lambda () (and (test-diagnostics) (not (test-diagnostics "did you mean"))))))
  (let ((hover (test-request :textDocument/hover "by: ada")))
    (test-check "hover says who a person is" (string-match-p "Ada Moreau" (format "%S" hover)) hover))
  (let ((places (append (test-request :textDocument/definition "manager: isms-manager") nil)))
    (test-check "a role leads to its definition" (string-match-p "roles.deed.yaml" (format "%S" places)) places))
  (set-buffer-modified-p nil)
  (eglot-shutdown (eglot-current-server))
  (message "ok the server ends when told")
  (kill-emacs 0))
;;; test.el ends here
