"""The plugin ``satudata_validation``: ckanext-validation 2.2.0, finished for CKAN 2.12.

It takes the place of upstream's plugin ``validation`` and keeps every name that one promises:
actions, helpers, options, command line, templates, interfaces and the table. It needs nothing of
the plugin ``satudata``, nor does that one need it.

====================  =========================================================================
``plugin``            the plugin class: interfaces only
``compat``            changes made to upstream's own modules, one reason each
``config``            the options, read by name in one place
``sources``           what is to be read: an upload, a stored file or a link
``tables``            one run of frictionless, with what it may and may not do
``records``           the table ``validation``
``changes``           which resources of a save have to be validated, and how
``saving``            validation around package_create, package_update and resource_update
``pending``           jobs that are queued when (and only if) the transaction commits
``jobs``              validation in the worker
``messages``          frictionless' reports in Indonesian and English
``reports``           overview of all results for ``ckan validation report``
====================  =========================================================================
"""
