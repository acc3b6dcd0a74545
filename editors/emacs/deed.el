;;; deed.el --- Edit Deed manifests with Eglot -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1") (eglot "1.9"))

;;; Commentary:

;; Manifests get a mode of their own, `deed-mode' for YAML and `deed-json-mode' for JSON, so that Eglot serves them and no
;; other YAML or JSON file.  In your init file:
;;
;;     (require 'deed)
;;     (add-hook 'deed-mode-hook #'eglot-ensure)
;;     (add-hook 'deed-json-mode-hook #'eglot-ensure)

;;; Code:

(require 'eglot)

(defcustom deed-program "deed"
  "The Deed program."
  :type 'string
  :group 'eglot)

;; The mode for YAML that this Emacs has: tree-sitter's, the package's, or none.
(defalias 'deed--yaml-mode
  (cond ((and (fboundp 'treesit-ready-p) (treesit-ready-p 'yaml t)) 'yaml-ts-mode)
        ((require 'yaml-mode nil t) 'yaml-mode)
        (t 'conf-mode)))

(defalias 'deed--json-mode (if (fboundp 'js-json-mode) 'js-json-mode 'js-mode))

;;;###autoload
(define-derived-mode deed-mode deed--yaml-mode "Deed"
  "Major mode for Deed manifests in YAML.")

;;;###autoload
(define-derived-mode deed-json-mode deed--json-mode "Deed JSON"
  "Major mode for Deed manifests in JSON.")

;;;###autoload
(add-to-list 'auto-mode-alist '("\\(?:\\`\\|[/.]\\)deed\\.ya?ml\\'" . deed-mode))
;;;###autoload
(add-to-list 'auto-mode-alist '("\\(?:\\`\\|[/.]\\)deed\\.json\\'" . deed-json-mode))

(defun deed--contact (&rest _)
  "How Eglot starts the server."
  (list deed-program "lsp"))

(put 'deed-mode 'eglot-language-id "yaml")
(put 'deed-json-mode 'eglot-language-id "json")
(add-to-list 'eglot-server-programs '((deed-mode deed-json-mode) . deed--contact))

(provide 'deed)
;;; deed.el ends here
