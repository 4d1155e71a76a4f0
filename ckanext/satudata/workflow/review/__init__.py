"""The way of a dataset to the public: submitted, examined, returned, published, limited."""
